package bulletin

import (
	"strings"
	"testing"
	"time"
)

// people are invented; each name is also a word that a place could have.
var people = strings.Split("Amy Frost|Brian Holt|Carol Dunn|Tony Lamb|Priya Marsh|Stephen Wells|Margaret Hall|Ian Ross|Jo Street|Grant Lane", "|")

// notes tell of an incident in Mill Road, Elsing, beside the name of somebody and ways
// to reach them.
var notes = strings.Split(`A shed in Mill Road, Elsing, was entered at 10am on 3 March 2020. Contact PC %n on 101.
---
A shed in Mill Road, Elsing, was entered at 10am on 3 March 2020, said %n.
---
A shed of Mr %n in Mill Road, Elsing, was entered at 10am on 3 March 2020.
---
A shed in Mill Road, Elsing, was entered at 10am on 3 March 2020. Mrs %n, 71, of Church Lane, heard a noise at 9.50am.
---
Reply from %n: a shed in Mill Road, Elsing, was entered at 10am on 3 March 2020.
---
From: %n <%m>
Sent: 4 March 2020 09:00
Subject: Shed

A shed in Mill Road, Elsing, was entered at 10am on 3 March 2020.
---
[03/03/2020, 11:02] %n: a shed in Mill Road, Elsing, was entered at 10am today
---
A shed in Mill Road, Elsing, was entered at 10am on 3 March 2020. Tel 01632 960123 or 07700 900123, %n (Watch coordinator).

Regards
%n
---
- Mill Road, Elsing, 3 March 2020, 10am: shed entered. Victim %n, 07700 900123.
---
Detective Constable %n said: "A shed in Mill Road, Elsing, was entered at 10am on 3 March 2020."
---
%n was at home in Mill Road, Elsing, at 10am on 3 March 2020 when a shed was entered.
---
21:14 %n: my shed in Mill Road, Elsing, was entered at 10am on 3 March 2020
21:16 Pat Ives: I heard that`, "\n---\n")

// No name, telephone number or address of anybody is in what the reader gives.
func TestNobodyIsNamed(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 5, 0, 0, 0, 0, time.UTC)
	told := 0
	for _, note := range notes {
		for _, name := range people {
			text := strings.NewReplacer("%n", name, "%m", strings.ToLower(strings.ReplaceAll(name, " ", "."))+"@example.org").Replace(note) + "\n"
			reports, refused, ledger, _ := Explain(t.Context(), text, o)
			var out strings.Builder
			for _, r := range reports {
				told++
				out.WriteString(r.Location + "\n" + r.Offence + "\n" + r.Ref + "\n")
			}
			for _, r := range refused {
				out.WriteString(r.Reason + "\n")
			}
			for _, e := range ledger {
				out.WriteString(e.String() + "\n")
			}
			for _, private := range append(strings.Fields(name), "01632", "960123", "07700", "900123", "@") {
				if !strings.Contains(note, private) && strings.Contains(out.String(), private) {
					t.Errorf("%q gives %q", text, private)
				}
			}
		}
	}
	if least := 8 * len(people); told < least {
		t.Errorf("%d reports, want at least %d: what is not read cannot name anybody", told, least)
	}
}
