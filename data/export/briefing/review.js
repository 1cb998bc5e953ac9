'use strict';
(() => {
  const button = document.getElementById('save');
  const count = document.getElementById('count');
  const cell = (text) => {
    if (text.length > 1 && '=+-@\t\r\n'.includes(text[0]) && !/^[-+]?[0-9]+(\.[0-9]+)?$/.test(text)) text = "'" + text;
    return /[",\r\n]/.test(text) || text !== text.trim() ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  const rows = () => [...document.querySelectorAll('fieldset[data-ref]')].map((f) => {
    const chosen = f.querySelector('input[type=radio]:checked');
    return [f.dataset.ref, chosen ? chosen.value : '', f.querySelector('.lat').value.trim(), f.querySelector('.lon').value.trim()];
  }).filter((r) => r[1] || r[2] || r[3]);
  const say = () => {
    const n = rows().length;
    count.textContent = n === 0 ? 'Nothing chosen yet.' : n === 1 ? '1 choice, not saved.' : n + ' choices, not saved.';
  };
  document.addEventListener('input', say);
  button.addEventListener('click', () => {
    const text = [['ref', 'decision', 'decision_lat', 'decision_lon'], ...rows()].map((r) => r.map(cell).join(',') + '\r\n').join('');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
    link.download = button.dataset.file;
    document.body.append(link);
    link.click();
    link.remove();
    count.textContent = rows().length + ' saved as ' + button.dataset.file + ': spreewatch review import ' + button.dataset.file;
  });
  button.parentElement.hidden = false;
})();
