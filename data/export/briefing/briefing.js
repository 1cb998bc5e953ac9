'use strict';
(() => {
  for (const slide of document.querySelectorAll('.slide')) {
    const range = slide.querySelector('input');
    const said = slide.querySelector('output');
    const labels = range.dataset.labels.split('|');
    const marks = range.dataset.of.split(' ').flatMap((id) => [...document.querySelectorAll('[data-drawing="' + id + '"] [data-step]')]);
    const show = () => {
      const at = Number(range.value);
      for (const m of marks) m.classList.toggle('later', Number(m.dataset.step) > at);
      said.textContent = labels[at];
    };
    range.addEventListener('input', show);
    slide.hidden = false;
    show();
  }
  for (const svg of document.querySelectorAll('svg')) {
    const hint = document.createElement('p');
    hint.className = 'hint';
    hint.textContent = '\u00a0';
    svg.after(hint);
    svg.addEventListener('pointerover', (e) => {
      const title = e.target.querySelector && e.target !== svg ? e.target.querySelector(':scope > title') : null;
      hint.textContent = title ? title.textContent : '\u00a0';
    });
  }
})();
