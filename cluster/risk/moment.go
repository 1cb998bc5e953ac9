package risk

import "time"

// A moment is a study as it was known at one time, and what has been asked of it.
type moment struct {
	*view
	held     map[string][]mark // by offence: the incidents known
	totals   map[surfaceKey]float64
	surfaces map[surfaceKey][]float64
	fit      *Fit
	mixtures map[string][2][]float64 // by offence: of the next day and the next week
	shifts   map[surfaceKey][]float64
	byKey    map[string]sortedMarks    // by offence
	cell     int                       // of which was last asked what is behind it,
	into     map[*kernelRows][]float64 // and what each source puts in it
}

// A surfaceKey names a part of an offence in the hours of a shift.
type surfaceKey struct {
	offence string
	sigmaM  float64
	memory  time.Duration
	hours   Hours
}

// moment returns the one asked of last where it is the same.
func (l *Learner) moment(asOf time.Time) *moment {
	if now := dayOf(asOf); l.last == nil || l.last.day != now {
		l.last = &moment{view: l.viewAt(now), held: map[string][]mark{}, totals: map[surfaceKey]float64{}, surfaces: map[surfaceKey][]float64{}}
	}
	return l.last
}

// of forgets what another fit said.
func (m *moment) of(f *Fit) {
	if m.fit != f {
		m.fit, m.mixtures, m.shifts, m.byKey = f, map[string][2][]float64{}, map[surfaceKey][]float64{}, map[string]sortedMarks{}
	}
}

// part is the surface of a part of the offence, whose total is kept.
func (m *moment) part(offence string, p strain, h Hours) []float64 {
	marks, ok := m.held[offence]
	if !ok {
		marks = knownBy(upTo(m.past[offence], m.day), m.day)
		m.held[offence] = marks
	}
	out := make([]float64, len(m.Cells))
	m.put(out, marks, p, &lot{})
	total := m.scale(out, out)
	m.totals[surfaceKey{offence, p.SigmaM, p.Memory, h}] = total
	return out
}

// mixture returns the offence's surfaces, 1 in all, for the next day and the next week.
func (m *moment) mixture(f *Fit, offence string) [2][]float64 {
	m.of(f)
	if mixed, ok := m.mixtures[offence]; ok {
		return mixed
	}
	of := f.Of(offence)
	mixed := [2][]float64{make([]float64, len(m.Cells)), make([]float64, len(m.Cells))}
	for k, p := range f.Parts {
		part := m.part(offence, strain{Part: p}, Hours{})
		for h, weights := range [][]float64{of.Day.Weights, of.Week.Weights} {
			blend(mixed[h], part, weights[k])
		}
	}
	m.mixtures[offence] = mixed
	return mixed
}

// blend adds so much of the surface.
func blend(out, surface []float64, weight float64) {
	if weight == 0 {
		return
	}
	for i, x := range surface {
		out[i] += weight * x
	}
}

// levelled returns the surface times the factors of its bands, so much in all.
func (v *view) levelled(surface []float64, bands [len(bandEdges)]float64, level float64) []float64 {
	out := make([]float64, len(surface))
	sum := 0.0
	for i, b := range v.bands(surface) {
		if b >= 0 {
			out[i] = surface[i] * bands[b]
			sum += out[i]
		}
	}
	if sum > 0 {
		for i := range out {
			out[i] *= level / sum
		}
	}
	return out
}
