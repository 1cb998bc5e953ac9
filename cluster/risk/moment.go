package risk

import (
	"slices"
	"sync"
	"time"
)

// A moment is a study as it was known at one time, and what has been asked of it. It may
// be asked of several offences at once.
type moment struct {
	*view
	held     map[string][]mark // by offence: the incidents known
	totals   map[surfaceKey]float64
	surfaces map[surfaceKey][]float64
	fades    map[time.Duration][]float64 // by memory and incident
	fit      *Fit
	mixtures map[string]mixed // by offence
	shifts   map[surfaceKey][]float64
	byKey    map[string]sortedMarks    // by offence
	pool     [len(leanParts)][]float64 // of all offences, raw; nil until it is asked for
	reaches  map[reachKey]reach
	behinds  map[behindKey]behind
	lock     sync.Mutex // of the maps
	pooling  sync.Once
}

// kept returns what a map of the moment has by the key, or else makes it.
func kept[K comparable, V any](lock *sync.Mutex, in map[K]V, key K, made func() V) V {
	lock.Lock()
	have, ok := in[key]
	lock.Unlock()
	if ok {
		return have
	}
	have = made()
	lock.Lock()
	in[key] = have
	lock.Unlock()
	return have
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
	l.asked.Lock()
	defer l.asked.Unlock()
	if now := dayOf(asOf); l.last == nil || l.last.day != now {
		l.last = &moment{view: l.viewAt(now), held: map[string][]mark{}, totals: map[surfaceKey]float64{}, surfaces: map[surfaceKey][]float64{},
			fades: map[time.Duration][]float64{}}
	}
	return l.last
}

// A headOf is the head of an offence, and what the others have there.
type headOf struct {
	cells  []int32
	others []float32
}

// of forgets what another fit said.
func (m *moment) of(f *Fit) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.fit != f {
		m.fit, m.mixtures, m.shifts = f, map[string]mixed{}, map[surfaceKey][]float64{}
		m.byKey, m.reaches, m.behinds = map[string]sortedMarks{}, map[reachKey]reach{}, map[behindKey]behind{}
	}
}

// raw sets out to what a part of the offence puts in each cell, whose total, which is kept,
// it returns.
func (m *moment) raw(out []float64, offence string, p strain, h Hours, l *lot) float64 {
	clear(out)
	p.fades = m.fade(p.Memory)
	m.put(out, m.marks(offence), p, 1, l)
	total := m.totalOf(out)
	m.lock.Lock()
	defer m.lock.Unlock()
	m.totals[surfaceKey{offence, p.SigmaM, p.Memory, h}] = total
	return total
}

// fade is by incident, of all those of the study, what a memory has left of it, nil for one
// that is for ever. A dozen parts of each offence fade by the same two.
func (m *moment) fade(memory time.Duration) []float64 {
	if memory == 0 {
		return nil
	}
	return kept(&m.lock, m.fades, memory, func() []float64 {
		out := make([]float64, len(m.told))
		for _, marks := range m.past {
			for i := range marks {
				out[marks[i].n] = left(&marks[i], m.day, memory)
			}
		}
		return out
	})
}

// total is what the part of the offence came to before it was made to add up to 1.
func (m *moment) total(offence string, p Part, h Hours) float64 {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.totals[surfaceKey{offence, p.SigmaM, p.Memory, h}]
}

// marks are the offence's incidents that are known.
func (m *moment) marks(offence string) []mark {
	return kept(&m.lock, m.held, offence, func() []mark { return knownBy(upTo(m.past[offence], m.day), m.day) })
}

// pooled returns what all offences together put in each cell.
func (m *moment) pooled() [len(leanParts)][]float64 {
	m.pooling.Do(func() {
		lot := m.lot()
		defer lot.giveBack()
		for k, p := range leanParts {
			m.pool[k] = zeros(len(m.Cells))
			for _, o := range m.Offences {
				m.put(m.pool[k], m.marks(o), strain{Part: p}, 1, lot)
			}
		}
	})
	return m.pool
}

// leant returns the offence's surface, of the day, the week or a shift, with its lean.
func (m *moment) leant(lean Lean, offence string, surface []float64) []float64 {
	m.lock.Lock()
	head := m.mixtures[offence].head
	m.lock.Unlock()
	return lean.leant(surface, head.cells, head.others)
}

// A mixed is an offence's surfaces for the next day and the next week, and its head.
type mixed struct {
	surfaces [2][]float64
	head     headOf
}

// mixture returns the offence's surfaces, 1 in all and before they lean, for the next
// day and the next week.
func (m *moment) mixture(f *Fit, offence string) [2][]float64 {
	m.of(f)
	return kept(&m.lock, m.mixtures, offence, func() mixed { return m.mix(f, offence) }).surfaces
}

func (m *moment) mix(f *Fit, offence string) mixed {
	of := f.Of(offence)
	mean := zeros(len(m.Cells))
	out := [2][]float64{zeros(len(m.Cells)), zeros(len(m.Cells))}
	var own [len(leanParts)][]float64
	lot := m.lot()
	defer lot.giveBack()
	for k, p := range f.Parts {
		n := slices.IndexFunc(leanParts[:], p.like)
		raw := lot.rooms[len(leanParts)]
		if n >= 0 {
			raw = lot.rooms[n]
			own[n] = raw
		}
		total := m.raw(raw, offence, strain{Part: p}, Hours{}, lot)
		m.blendPart(mean, raw, total, 1)
		m.blendPart(out[0], raw, total, of.Day.Weights[k])
		m.blendPart(out[1], raw, total, of.Week.Weights[k])
	}
	head := m.highestOf(mean)
	return mixed{out, headOf{head, m.others(head, m.pooled(), own, wholly)}}
}

// zeros are so many, written: memory that is new is laid once where it is written first, and
// twice where it is read.
func zeros(n int) []float64 {
	out := make([]float64, n)
	clear(out)
	return out
}

// blended returns so much of the surface, added to what there is; nil is none yet.
func blended(to, surface []float64, weight float64) []float64 {
	if to != nil {
		blend(to, surface, weight)
		return to
	}
	to = make([]float64, len(surface))
	for i, x := range surface {
		to[i] = weight * x
	}
	return to
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

// blendPart adds so much of a part, of which raw has the total: 1 in all over the cells that
// are known, by area where the total is nothing.
func (v *view) blendPart(out, raw []float64, total, weight float64) {
	if weight == 0 {
		return
	}
	by := weight / total
	if total <= 0 {
		raw, by = v.areas, weight/v.area
	}
	for i, known := range v.known {
		if known {
			out[i] += raw[i] * by
		}
	}
}

// levelled returns the surface times the factors of its bands, so much in all.
func (v *view) levelled(surface []float64, bands [len(bandEdges)]float64, level float64) []float64 {
	out := make([]float64, len(surface))
	var head []int32
	sum := 0.0
	for i, b := range v.bands(surface) {
		if b >= 0 {
			out[i] = surface[i] * bands[b]
			sum += out[i]
		}
		if b >= 0 && int(b) < len(bands)-1 {
			head = append(head, int32(i))
		}
	}
	if bands[0] < bands[1] {
		keepOrder(out, surface, head)
	}
	if sum > 0 {
		for i := range out {
			out[i] *= level / sum
		}
	}
	return out
}
