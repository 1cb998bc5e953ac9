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
		{"months as headings are no settlements",
			"Thaxted parish: what the police told us, 5 May 2020\n\nFebruary\nOnly one. On the 23rd a shed in Copthall Lane was emptied at 6pm.\n\nMarch\nOn the 2nd at about 3am a car was rolled out of a drive in Newbiggen Street.\n",
			"Newbiggen Street, Thaxted"},
		{"nor is what opens a sentence",
			"Beat notes, 5 March 2020\n\n- Sadly, on the 3rd a bag was taken from a wall in Mill Road at 1.15pm.\n",
			"Mill Road"},
		{"a settlement by its own name",
			"Glass smashed in Malton\n\nA shop in Wheelgate, Malton, lost its door at 2.40am on 2 March 2020.\n\nOn 3 March it was Pickering's turn: the windows of two shops in Mill Street were broken at 11.15pm.\n",
			"Mill Street, Pickering"},
		{"a street behind its settlement as others are",
			"What we dealt with, 2-3 March 2020\n\nMonday 2nd\nBridport, South Street: shoplifter detained, 9.50am. Sherborne, Cheap Street: tin taken from a bar, 3.30pm.\n\nTuesday 3rd\nBridport, West Allington: windscreen broken, 8.15pm.\n",
			"West Allington, Bridport"},
		{"streets of a list under the settlement of the title",
			"*Bewdley Watch*\nFrom Pam, 05/03/20\n\nHello all, from the police this week\n\n- *Load Street* - tin taken off the counter, Mon 2 March about 2.20pm\n- *Severnside South* - bike cut from railings, same day, some time from 5 to 6.30pm\n- *The Lakes* - man trying doors of cars, 3.10am Tues 3 March\n",
			"The Lakes, Bewdley"},
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
