package detect

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
	"spreewatch/geo/oracle"
)

// The simulations measure what the budget promises: invented reports at real or
// invented places, at times that have nothing to do with them, and sprees planted
// among them.

// simProfiles are the profiles that ship, and how often each offence is reported.
var simProfiles = []struct {
	cluster.Profile
	share float64
}{
	{simProfile("courier-fraud", 15_000, 12, 4, 72), 1},
	{simProfile("dwelling-burglary", 400, 168, 3, 24), 8},
	{simProfile("vehicle-crime", 800, 48, 3, 24), 15},
	{simProfile("distraction-burglary", 5000, 24, 3, 48), 1},
	{simProfile("robbery", 1000, 48, 3, 24), 3},
	{simProfile("theft-from-shop", 2000, 24, 4, 24), 20},
	{simProfile("criminal-damage", 1000, 48, 4, 24), 17},
	{simProfile("other", 1000, 24, 4, 24), 35},
}

func simProfile(offence string, radius float64, window, least, lookback int) cluster.Profile {
	return cluster.Profile{Offence: offence, RadiusM: radius, Window: time.Duration(window) * time.Hour, MinIncidents: least,
		Lookback: time.Duration(lookback) * time.Hour, DecayM: radius / 2, DecayTime: 72 * time.Hour}
}

// simHours are the weights of the hours of a day.
var simHours = []float64{3, 2, 2, 1, 1, 1, 2, 3, 4, 5, 5, 6, 6, 6, 6, 6, 7, 7, 7, 6, 6, 6, 5, 4}

// A simulation is places with their weights and the reports drawn on them.
type simulation struct {
	rng    *rand.Rand
	places []orb.Point
	sum    []float64 // of the weights up to each place
	asOf   time.Time // of the first night
}

var simStart = time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)

// invented is a county of 2,000 streets in 40 towns of different sizes.
func inventedPlaces(testing.TB) ([]orb.Point, []float64) {
	rng := rand.New(rand.NewPCG(11, 0))
	var places []orb.Point
	var weights []float64
	for range 2000 {
		town := int(40 * rng.Float64() * rng.Float64())
		places = append(places, orb.Point{0.3 + 0.035*float64(town*13%40) + rng.NormFloat64()*0.02, 52.45 + 0.02*float64(town*7%40) + rng.NormFloat64()*0.012})
		weights = append(weights, rng.ExpFloat64())
	}
	return places, weights
}

func norfolkPlaces(t testing.TB) ([]orb.Point, []float64) {
	var places []orb.Point
	var weights []float64
	for _, row := range readTable(t, "data/police_norfolk/norfolk_street_points.csv") {
		places = append(places, orb.Point{number(row["lon"]), number(row["lat"])})
		weights = append(weights, number(row["crimes"]))
	}
	return places, weights
}

func vancouverPlaces(t testing.TB) ([]orb.Point, []float64) {
	var places []orb.Point
	var weights []float64
	for _, row := range readTable(t, "data/crime/vancouver/crimedata_csv_AllNeighbourhoods_2022.csv") {
		if x, y := number(row["X"]), number(row["Y"]); x > 1 && y > 1 {
			places, weights = append(places, flat(x-491_500, y-5_456_500, 49.26)), append(weights, 1)
		}
	}
	return places, weights
}

func chicagoPlaces(t testing.TB) ([]orb.Point, []float64) {
	var places []orb.Point
	var weights []float64
	for _, row := range readTable(t, "data/crime/chicago/chicago_burglary_2014_2017.csv") {
		places, weights = append(places, flat(number(row["x"])-357_000, number(row["y"])-573_000, 41.85)), append(weights, 1)
	}
	return places, weights
}

// flat puts metres from a middle on the sphere, near enough for a simulation.
func flat(x, y, lat float64) orb.Point {
	const deg = 180 / math.Pi
	return orb.Point{x / geo.EarthRadius * deg / math.Cos(lat/deg), lat + y/geo.EarthRadius*deg}
}

func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

func readTable(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(oracle.Dir(t), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := make(map[string]string)
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func newSimulation(places []orb.Point, weights []float64, seed uint64) *simulation {
	s := &simulation{rng: rand.New(rand.NewPCG(seed, 1)), asOf: simStart}
	sum := 0.0
	for i, p := range places {
		if geo.CheckPoint(p) != nil || p == (orb.Point{}) || !(weights[i] > 0) {
			continue
		}
		sum += weights[i]
		s.places, s.sum = append(s.places, p), append(s.sum, sum)
	}
	return s
}

func (s *simulation) place() orb.Point {
	p := s.places[sort.SearchFloat64s(s.sum, s.rng.Float64()*s.sum[len(s.sum)-1])]
	return s.about(p, 40)
}

// about is a point at a normal distance from another.
func (s *simulation) about(p orb.Point, metres float64) orb.Point {
	d := metres / geo.EarthRadius * 180 / math.Pi
	return orb.Point{p[0] + s.rng.NormFloat64()*d/math.Cos(p[1]*math.Pi/180), p[1] + s.rng.NormFloat64()*d}
}

// background draws the reports of so many days before and after the first night.
func (s *simulation) background(perDay float64, before, after int) []cluster.Incident {
	var shares, hours []float64
	for _, p := range simProfiles {
		shares = append(shares, p.share)
	}
	hours = simHours
	n := int(perDay * float64(before+after))
	out := make([]cluster.Incident, n)
	for i := range out {
		day := s.rng.IntN(before+after) - before
		at := s.asOf.AddDate(0, 0, day).Add(time.Duration(s.pick(hours))*time.Hour + time.Duration(s.rng.IntN(3600))*time.Second)
		out[i] = s.report(fmt.Sprintf("b%06d", i), simProfiles[s.pick(shares)].Offence, at, s.place())
	}
	return out
}

func (s *simulation) pick(weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := s.rng.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// report has an interval in half of the cases, and is reported some hours later.
func (s *simulation) report(id, offence string, at time.Time, p orb.Point) cluster.Incident {
	to := at
	if s.rng.IntN(2) == 0 {
		to = at.Add(time.Duration([]int{30, 60, 120, 240, 480, 600, 840}[s.rng.IntN(7)]) * time.Minute)
	}
	return cluster.Incident{ID: id, Offence: offence, From: cluster.At(at), To: cluster.At(to), Reported: cluster.At(to.Add(time.Duration(s.rng.ExpFloat64() * float64(3*time.Hour)))),
		Point: p, RadiusM: 50, Level: geo.LevelStreet, Confidence: 0.97}
}

// plant draws a spree of so many within a radius and a length of time that ends a
// few hours before a night. Its reports are in by then.
func (s *simulation) plant(id string, offence string, n int, radius float64, window time.Duration, night time.Time) []cluster.Incident {
	middle := s.place()
	end := night.Add(-time.Duration(2+s.rng.IntN(10)) * time.Hour)
	out := make([]cluster.Incident, n)
	for i := range out {
		bearing, d := s.rng.Float64()*2*math.Pi, radius*0.9*math.Sqrt(s.rng.Float64())/geo.EarthRadius*180/math.Pi
		p := orb.Point{middle[0] + d*math.Cos(bearing)/math.Cos(middle[1]*math.Pi/180), middle[1] + d*math.Sin(bearing)}
		at := end.Add(-time.Duration(s.rng.Float64() * float64(window)))
		if i == 0 {
			at = end
		}
		out[i] = cluster.Incident{ID: fmt.Sprintf("%s-%02d", id, i), Offence: offence, From: cluster.At(at), To: cluster.At(at), Reported: cluster.At(at.Add(time.Hour)),
			Point: p, RadiusM: 50, Level: geo.LevelStreet, Confidence: 0.97}
	}
	return out
}

func simOptions(night time.Time) Options {
	o := DefaultOptions()
	o.AsOf = night
	for _, p := range simProfiles {
		o.Profiles = append(o.Profiles, p.Profile)
	}
	return o
}

// simKnown are the reports of a night.
func simKnown(incidents []cluster.Incident, night time.Time) []cluster.Incident {
	return slices.DeleteFunc(slices.Clone(incidents), func(in cluster.Incident) bool {
		return in.From.After(night) || in.Reported.After(night) || night.Sub(in.From.Time()) > 120*24*time.Hour
	})
}

// findSprees is the detection without the cells of the map.
func findSprees(t testing.TB, incidents []cluster.Incident, o Options) ([]cluster.Spree, []cluster.Spree, *finder) {
	t.Helper()
	there, _ := usable(incidents, o)
	f := newFinder(there, o)
	if err := f.find(context.Background()); err != nil {
		t.Fatal(err)
	}
	sprees, dormant := Track(o.Previous, f.sprees, there, o.AsOf)
	return sprees, dormant, f
}

// simDays are recurrence intervals: of nights as strong as said to come once in so many
// days there should be one in so many nights.
var simDays = [...]int{5, 10, 20, 50}

// A series is nights of one background.
type series struct {
	nights, new, renewed, open int
	low                        [len(simDays)]int // nights of a recurrence interval of so many days or more
	long                       int               // new sprees said to come by chance once in 20 nights or less often
	reached                    float64
	nulls                      []NullNight
	took                       time.Duration
}

func runSeries(t testing.TB, incidents []cluster.Incident, nights int) series {
	var s series
	var previous []cluster.Spree
	seen := make(map[string]bool)
	for n := range nights {
		o := simOptions(simStart.AddDate(0, 0, n))
		o.Previous, o.Known = previous, s.nulls
		began := time.Now()
		sprees, dormant, f := findSprees(t, simKnown(incidents, o.AsOf), o)
		s.took += time.Since(began)
		s.nulls = f.nights
		s.nights++
		s.reached += f.calibration.Reached
		for i, days := range simDays {
			if f.calibration.P <= 1/float64(days) {
				s.low[i]++
			}
		}
		for _, sp := range sprees {
			if sp.Status == cluster.StatusNew {
				s.new++
				if seen[sp.ID] {
					s.renewed++
				}
				if sp.Statistic != nil && sp.Statistic.P <= 0.05 {
					s.long++
				}
			}
			if sp.Status != cluster.StatusEnded {
				s.open++
			}
			seen[sp.ID] = true
		}
		previous = slices.Concat(sprees, dormant)
	}
	return s
}

var simPlaces = []struct {
	name string
	of   func(testing.TB) ([]orb.Point, []float64)
}{{"invented", inventedPlaces}, {"norfolk", norfolkPlaces}, {"vancouver", vancouverPlaces}, {"chicago", chicagoPlaces}}

// BenchmarkFalseSprees counts what is raised where no spree is.
func BenchmarkFalseSprees(b *testing.B) {
	const nights, runs = 35, 4
	for _, at := range simPlaces {
		for _, perDay := range []float64{10, 20, 40} {
			b.Run(fmt.Sprintf("%s/%.0f", at.name, perDay), func(b *testing.B) {
				places, weights := at.of(b)
				for b.Loop() {
					var sum series
					for seed := range uint64(runs) {
						sim := newSimulation(places, weights, simSeed+seed)
						s := runSeries(b, sim.background(perDay, 100, nights), nights)
						sum.nights, sum.new, sum.renewed, sum.long, sum.open = sum.nights+s.nights, sum.new+s.new, sum.renewed+s.renewed, sum.long+s.long, sum.open+s.open
						for i := range simDays {
							sum.low[i] += s.low[i]
						}
						sum.reached += s.reached
						sum.took += s.took
					}
					n := float64(sum.nights)
					b.ReportMetric(7*float64(sum.new)/n, "new/week")
					b.ReportMetric(sum.reached/n, "said/week")
					b.ReportMetric(float64(sum.renewed), "renewed")
					for i, days := range simDays { // one in so many nights is 1
						b.ReportMetric(float64(days)*float64(sum.low[i])/n, fmt.Sprintf("as-strong-as-%dd", days))
					}
					b.ReportMetric(float64(sum.long)/n, "new20d/night")
					b.ReportMetric(float64(sum.open)/n, "open/night")
					b.ReportMetric(sum.took.Seconds()/n*1000, "ms/night")
				}
			})
		}
	}
}

// simSeed starts the seeds; another set of series has another.
var simSeed = func() uint64 {
	n, _ := strconv.ParseUint(os.Getenv("SPREEWATCH_SEED"), 10, 64)
	return n
}()

// BenchmarkPlanted counts what is found of sprees planted among the reports, on the
// first night after the last incident.
func BenchmarkPlanted(b *testing.B) {
	const plants = 80
	kinds := []struct {
		name   string
		radius float64 // 0: the profile's
		window time.Duration
	}{{"profile", 0, 0}, {"3km", 3000, 12 * time.Hour}, {"10km", 10_000, 12 * time.Hour}}
	for _, at := range simPlaces {
		for _, perDay := range []float64{10, 20, 40} {
			b.Run(fmt.Sprintf("%s/%.0f", at.name, perDay), func(b *testing.B) {
				places, weights := at.of(b)
				for b.Loop() {
					sim := newSimulation(places, weights, simSeed+100)
					background := sim.background(perDay, 100, 0)
					o := simOptions(simStart)
					_, _, f := findSprees(b, simKnown(background, simStart), o)
					o.Known = f.nights
					for _, k := range kinds {
						found, jaccard := 0, 0.0
						for i := range plants {
							p := simProfiles[i%len(simProfiles)]
							radius, window := k.radius, k.window
							if radius == 0 {
								radius, window = p.RadiusM, p.Window
							}
							planted := sim.plant("p", p.Offence, 8+sim.rng.IntN(5), radius, window, simStart)
							sprees, _, _ := findSprees(b, append(simKnown(background, simStart), planted...), o)
							best := 0.0
							for _, s := range sprees {
								best = max(best, overlapOf(s.Incidents, planted))
							}
							if best >= 0.5 {
								found++
								jaccard += best
							}
						}
						b.ReportMetric(100*float64(found)/plants, k.name+"%")
						b.ReportMetric(jaccard/float64(max(1, found)), k.name+"-jaccard")
					}
				}
			})
		}
	}
}

// BenchmarkLives follows planted sprees over the nights after, and counts the ids
// that each goes by and how often one is new under an id that was known.
func BenchmarkLives(b *testing.B) {
	const plants, nights = 40, 6
	for _, at := range simPlaces[:2] {
		b.Run(at.name, func(b *testing.B) {
			places, weights := at.of(b)
			for b.Loop() {
				sim := newSimulation(places, weights, simSeed+200)
				background := sim.background(20, 100, nights)
				nulls := make([][]NullNight, nights)
				found, one, renewed := 0, 0, 0
				for i := range plants {
					p := simProfiles[i%len(simProfiles)]
					planted := sim.plant("p", p.Offence, 8+sim.rng.IntN(5), p.RadiusM, p.Window, simStart)
					ids := make(map[string]int)
					var previous []cluster.Spree
					for n := range nights {
						o := simOptions(simStart.AddDate(0, 0, n))
						o.Previous, o.Known = previous, nulls[n]
						sprees, dormant, f := findSprees(b, append(simKnown(background, o.AsOf), planted...), o)
						if nulls[n] == nil {
							nulls[n] = f.nights
						}
						for _, s := range sprees {
							held := 0
							for _, in := range planted {
								if slices.Contains(s.Life(), in.ID) {
									held++
								}
							}
							if held < 3 {
								continue
							}
							if s.Status == cluster.StatusNew && ids[s.ID] > 0 {
								renewed++
							}
							ids[s.ID]++
						}
						previous = slices.Concat(sprees, dormant)
					}
					if len(ids) > 0 {
						found++
					}
					if len(ids) == 1 {
						one++
					}
				}
				b.ReportMetric(float64(found), "found")
				b.ReportMetric(100*float64(one)/float64(max(1, found)), "one-id%")
				b.ReportMetric(float64(renewed), "renewed")
			}
		})
	}
}

// overlapOf is the Jaccard index of a spree's incidents and the planted ones.
func overlapOf(ids []string, planted []cluster.Incident) float64 {
	both := 0
	for _, in := range planted {
		if slices.Contains(ids, in.ID) {
			both++
		}
	}
	return float64(both) / float64(len(ids)+len(planted)-both)
}
