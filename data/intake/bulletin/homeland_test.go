package bulletin

import (
	"testing"
	"time"
)

// What is read of texts whose settlements the atlas knows, and of one from elsewhere.
func TestHomeland(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 5, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct{ name, text, want string }{
		{"a name that is no settlement is a street",
			"Burglaries in Whitby\n\nA house in Church Street, Whitby, was entered at 9am on 3 March. A man forced a shop in Skellbank at 10am on 4 March 2020.\n",
			"Skellbank, Whitby"},
		{"a settlement is none",
			"Burglaries in Whitby\n\nA house in Church Street, Whitby, was entered at 9am on 3 March. A man forced a shop in Skipton at 10am on 4 March 2020.\n",
			"Skipton"},
		{"elsewhere nothing is known of a name",
			"Burglaries in Traralgon\n\nA house in Church Street, Traralgon, was entered at 9am on 3 March and one in Lloyd Street, Newborough, at 11am. A man forced a shop in Morwell at 10am on 4 March 2020.\n",
			"Morwell"},
		{"a heading names a settlement that ends as a street does",
			"Plumpton Green watch\n\nA shed in Station Road was forced at 10am on 4 March 2020.\n",
			"Station Road, Plumpton Green"},
		{"a region lends itself to no street",
			"Thefts in Somerset\n\nA shed in Balsam Park was forced at 10am on 4 March 2020. Police in Wincanton ask for help.\n",
			"Balsam Park, Wincanton"},
		{"a region behind a street is not its settlement",
			"Thefts in Antigonish\n\nA shed in Hawthorne Street, Nova Scotia, was forced at 10am on 4 March 2020.\n",
			"Hawthorne Street, Antigonish, Nova Scotia"},
		{"nor does a word that heads a paragraph",
			"Beat notes, Whitby, 5 March 2020\n\nWINDOW. A pane was broken in Baxtergate at 10am on 4 March.\n",
			"Baxtergate, Whitby"},
		{"what is told behind a dash is no settlement",
			"CRIME BRIEFS, Ballarat, Thursday March 5, 2020\n\nBUNINYONG - Learmonth Street - Pallets burnt in a yard, 2.10am, March 4.\n",
			"Learmonth Street, BUNINYONG"},
	} {
		t.Run(c.name, func(t *testing.T) {
			reports, _ := Read(c.text, o)
			if len(reports) == 0 || reports[len(reports)-1].Location != c.want {
				t.Errorf("%d reports, the last of them not in %q", len(reports), c.want)
				for _, r := range reports {
					t.Log(r.Location)
				}
			}
		})
	}
}
