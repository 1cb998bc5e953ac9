package night

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/intake"
)

// stored ingests rows of a table into the database of the options.
func stored(t *testing.T, o Options, rows ...string) {
	t.Helper()
	if _, err := Ingest(t.Context(), o, Reading{Files: []string{file(t, "rows.csv", rows...)}}); err != nil {
		t.Fatal(err)
	}
}

// refused fails where the error is not one for the user that says so much.
func refused(t *testing.T, what string, err error, says string) {
	t.Helper()
	var user *data.UserError
	if !errors.As(err, &user) || !strings.Contains(err.Error(), says) || user.Hint == "" {
		t.Errorf("%s: error %v, want %q and what to do", what, err, says)
	}
}

func TestReportIsFollowedThroughItsCorrection(t *testing.T) {
	o := optionsFor(t)
	stored(t, o, "ref,offence,location,from", "A1,courier-fraud,Neville Close,2015-09-16T10:00", "A2,courier-fraud,\"Mill Street, Elsing\",2015-09-16T10:00")
	o.AsOf = o.Now.Add(time.Hour)
	stored(t, o, "ref,offence,location,from", "A1,courier-fraud,\"Mill Street, Elsing\",2015-09-16T10:30")
	at := orb.Point{1.0348, 52.7172}
	if err := Decide(t.Context(), o, "A2", Decision{Point: &at}, "ann"); err != nil {
		t.Fatal(err)
	}
	d, err := Report(t.Context(), o, "A1")
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, v := range d.Versions {
		said = append(said, v.Location+" "+v.From.In(o.Zone).Format("15:04"))
	}
	if diff := cmp.Diff([]string{"Neville Close 10:00", "Mill Street, Elsing 10:30"}, said); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	if !d.Versions[0].Known.IsZero() || !d.Versions[1].Known.Equal(o.AsOf) {
		t.Errorf("known since %v and %v, want never said and %v", d.Versions[0].Known, d.Versions[1].Known, o.AsOf)
	}
	if d.Decision == nil || d.Decision.Match.Point != at || d.Decision.Who != "ann" {
		t.Errorf("decision %+v, want ann's on the text that stands now", d.Decision)
	}
	_, err = Report(t.Context(), o, "A9")
	refused(t, "no report", err, "no report has the reference A9")
}

func TestWithdrawnReportStaysAndCountsNowhere(t *testing.T) {
	o := optionsFor(t)
	stored(t, o, "ref,offence,location,from", "A1,courier-fraud,\"Mill Street, Elsing\",2015-09-16T10:00")
	for _, want := range []bool{true, false} {
		if done, err := Withdraw(t.Context(), o, "A1"); err != nil || done != want {
			t.Errorf("withdrawn %v, %v; want %v", done, err, want)
		}
	}
	d, err := Report(t.Context(), o, "A1")
	if err != nil {
		t.Fatal(err)
	}
	if last := d.Versions[len(d.Versions)-1]; !last.Withdrawn || last.Location != "Mill Street, Elsing" {
		t.Errorf("the version that stands: %+v", last)
	}
	counts, err := Offences(t.Context(), o)
	if err != nil || len(counts) != 0 {
		t.Errorf("offences %+v, %v: a report that was taken back is counted", counts, err)
	}
	_, err = Withdraw(t.Context(), o, "A9")
	refused(t, "no report", err, "no report has the reference A9")
}

func TestOffencesWithoutAProfileComeFirst(t *testing.T) {
	o := optionsFor(t)
	stored(t, o, "ref,offence,location,from", "A1,courier-fraud,Neville Close,2015-09-16T10:00", "A2,courier-fraud,Neville Close,2015-09-16T11:00", "A3,Loitering,Neville Close,2015-09-16T12:00")
	counts, err := Offences(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	want := []data.OffenceCount{{Text: "Loitering", Reports: 1}, {Text: "courier-fraud", Profile: "courier-fraud", Reports: 2}}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPersonTellsARepeatApart(t *testing.T) {
	o := optionsFor(t)
	stored(t, o, "ref,offence,location,from", "A1,courier-fraud,\"Mill Street, Elsing\",2015-09-16T10:00")
	told := file(t, "bulletin.txt", "Courier fraud. On Wednesday 16 September 2015 at 10am a woman in Mill Street, Elsing, was called by a man who claimed to be a police officer.")
	if _, err := Ingest(t.Context(), o, Reading{Files: []string{told}}); err != nil {
		t.Fatal(err)
	}
	all, _, err := Locate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	found := o.Settings.repeats(all)
	if len(found) != 1 {
		t.Fatalf("repeats %v, want the bulletin's report of the call in the table", found)
	}
	for ref := range found {
		if err := Distinguish(t.Context(), o, ref); err != nil {
			t.Fatal(err)
		}
	}
	if all, _, err = Locate(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if found := o.Settings.repeats(all); len(found) != 0 {
		t.Errorf("repeats %v after a person told them apart", found)
	}
	refused(t, "no report", Distinguish(t.Context(), o, "A9"), "no report has the reference A9")
}

// A point that a person gives is held against where the other reports are.
func TestDecideRefusesAPointAstray(t *testing.T) {
	o := optionsFor(t)
	stored(t, o, "ref,location,lat,lon,from", "A1,,52.71,1.03,2015-09-16T10:00", "A2,,52.68,0.94,2015-09-16T10:00", "A3,,52.69,0.95,2015-09-16T10:00", "A4,,52.70,0.96,2015-09-16T10:00",
		"A5,\"a yard, nowhere known\",,,2015-09-16T10:00")
	for want, p := range map[string]orb.Point{
		"0, 0": {}, "seem to be swapped": {52.7, 1.03}, "lost its sign": {1.03, -52.7}, "hundreds of kilometres from all others": {-91.7, 36.6},
	} {
		if err := Decide(t.Context(), o, "A5", Decision{Point: &p}, "ann"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want %q", p, err, want)
		}
	}
	if err := Decide(t.Context(), o, "A5", Decision{Point: &orb.Point{1.0, 52.6}}, "ann"); err != nil {
		t.Errorf("a point among the others: %v", err)
	}
}

func TestDecisionsAreUndoneByNumber(t *testing.T) {
	o := optionsFor(t)
	stored(t, o, "ref,location,from", "A1,\"Mill Street, Elsing\",2015-09-16T10:00", "A2,\"Norwich Road, Dereham\",2015-09-16T10:00")
	before := matchOf(t, o, "A1")
	at := orb.Point{0.948, 52.6636}
	for _, ref := range []string{"A1", "A2"} {
		if err := Decide(t.Context(), o, ref, Decision{Point: &at}, "ann"); err != nil {
			t.Fatal(err)
		}
	}
	made, err := Decisions(t.Context(), o)
	if err != nil || len(made) != 2 || made[0].Number >= made[1].Number {
		t.Fatalf("decisions %+v, %v; want two in the order in which they were made", made, err)
	}
	if err := Undo(t.Context(), o, made[0].Number); err != nil {
		t.Fatal(err)
	}
	if got := matchOf(t, o, "A1"); got.Point != before.Point || got.Rule != before.Rule {
		t.Errorf("A1 at %v by %q, want %v by %q as before the decision", got.Point, got.Rule, before.Point, before.Rule)
	}
	if got := matchOf(t, o, "A2"); got.Point != at {
		t.Errorf("A2 at %v: the other decision went as well", got.Point)
	}
	if left, err := Decisions(t.Context(), o); err != nil || len(left) != 1 || left[0].Number != made[1].Number {
		t.Errorf("decisions left %+v, %v", left, err)
	}
	refused(t, "undone before", Undo(t.Context(), o, made[0].Number), "no decision")
}

func TestDecisionErrorKeepsItsCause(t *testing.T) {
	cause := errors.New("no candidate 3")
	if err := error(&DecisionError{Err: cause}); !errors.Is(err, cause) || err.Error() != cause.Error() {
		t.Errorf("%v", err)
	}
}

func TestBackupComesBackAndIsLogged(t *testing.T) {
	o := optionsFor(t)
	stored(t, o, "ref,location,from", "A1,\"Mill Street, Elsing\",2015-09-16T10:00")
	copied := filepath.Join(t.TempDir(), "night.bak")
	if err := Backup(t.Context(), o, copied, nil); err != nil {
		t.Fatal(err)
	}
	db, err := data.Open(t.Context(), o.DB)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	log, err := db.AuditLog(t.Context(), time.Time{}, o.Now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	logged := false
	for _, e := range log {
		logged = logged || e.What == data.Disclosure && strings.Contains(e.Detail, "a backup for 0 recipients")
	}
	if !logged {
		t.Error("a copy of the database left no entry in its log")
	}
	again := o
	again.DB = filepath.Join(t.TempDir(), "again.db")
	if err := Restore(t.Context(), again, copied, ""); err != nil {
		t.Fatal(err)
	}
	if d, err := Report(t.Context(), again, "A1"); err != nil || d.Versions[0].Location != "Mill Street, Elsing" {
		t.Errorf("from the backup: %+v, %v", d, err)
	}
	refused(t, "in place of a database", Restore(t.Context(), again, copied, ""), "is there already")
	missing := o
	missing.DB = filepath.Join(t.TempDir(), "none.db")
	refused(t, "a backup of nothing", Backup(t.Context(), missing, copied+"2", nil), "there is no database none.db")
}

func TestSourceIsKeptAndReadAgain(t *testing.T) {
	o := optionsFor(t)
	sheet := file(t, "sheet.csv", "Case;Where;When;What", "A1;Mill Street, Elsing;28/03/2015 22:00;courier-fraud", "A2;Mill Street, Elsing;03/04/2015 22:00;courier-fraud")
	r := Reading{Files: []string{sheet}}
	r.Intake.Columns = map[string]string{"ref": "Case", "location": "Where", "from": "When", "offence": "What"}
	seen, err := Inspect(o, r)
	if err != nil || len(seen) != 1 {
		t.Fatalf("%+v, %v", seen, err)
	}
	settings := filepath.Join(t.TempDir(), "force.toml")
	if err := os.WriteFile(settings, []byte("# ours\ntimezone = \"Europe/London\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for round := range 2 { // the second time in place of the first
		if replaced, err := KeepSource(settings, "desk", seen[0]); err != nil || replaced != (round == 1) {
			t.Fatalf("replaced %v, %v", replaced, err)
		}
	}
	text, err := os.ReadFile(settings)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "# ours\ntimezone = \"Europe/London\"\n") || strings.Count(string(text), "[source.desk]") != 1 {
		t.Errorf("the settings became\n%s", text)
	}
	if o.Settings, err = LoadSettings(settings); err != nil {
		t.Fatal(err)
	}
	in, err := Ingest(t.Context(), o, Reading{Files: []string{sheet}})
	if err != nil || len(in) != 1 || in[0].Added != 2 {
		t.Errorf("read by the source of the settings: %+v, %v", in, err)
	}

	prose, err := Inspect(o, Reading{Files: []string{file(t, "b.txt", "A man called in Mill Street, Elsing, at 10am on Monday.")}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := KeepSource(settings, "desk", prose[0]); err == nil || !strings.Contains(err.Error(), "needs no source") {
		t.Errorf("running text as a source: %v", err)
	}
	if after, _ := os.ReadFile(settings); string(after) != string(text) {
		t.Errorf("refused, and written all the same:\n%s", after)
	}
	if _, err := Inspect(o, Reading{Files: []string{filepath.Join(t.TempDir(), "none.csv")}, Intake: intake.Options{}}); err == nil {
		t.Error("a file that is not there was inspected")
	}
}

func TestLearnSaysWhyNothingWasLearnt(t *testing.T) {
	o := optionsFor(t)
	stored(t, o, calls...)
	if _, _, err := Locate(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got, err := Learn(t.Context(), o, "courier-fraud")
	if err != nil || len(got) != 1 || got[0].Offence != "courier-fraud" || got[0].Refused == "" {
		t.Fatalf("%+v, %v; want one lesson, refused for want of reports", got, err)
	}
	if first := time.Date(2015, 9, 16, 10, 15, 0, 0, o.Zone); !got[0].From.Equal(first) {
		t.Errorf("from %v, want the first call, %v", got[0].From, first)
	}
	all, err := Learn(t.Context(), o, "")
	if err != nil || len(all) != len(o.Settings.Offences) {
		t.Errorf("%d lessons of %d profiles, %v", len(all), len(o.Settings.Offences), err)
	}
	_, err = Learn(t.Context(), o, "jaywalking")
	refused(t, "no such offence", err, "there is no offence")
}
