package night

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"math"
	"time"

	"spreewatch/data"
)

// A runHash names a run by its moment, its reports and its settings, so that the
// same run has the same name.
type runHash struct {
	hash hash.Hash
	row  []byte // of the report that is added
}

func newRunHash() *runHash { return &runHash{hash: sha256.New()} }

// add takes in a report: each text behind its length, each number in eight bytes, so
// that no two reports have the same bytes.
func (r *runHash) add(l *data.Brief) {
	b := r.row[:0]
	for _, text := range []string{l.Ref, l.Offence} {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	for _, x := range []uint64{uint64(l.From.Unix()), uint64(l.To.Unix()), uint64(l.Match.Level)} {
		b = binary.LittleEndian.AppendUint64(b, x)
	}
	for _, x := range []float64{l.Match.Point[0], l.Match.Point[1], l.Match.RadiusM, l.Match.Confidence} {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	r.hash.Write(b)
	r.row = b
}

// name is that of the run as of a moment, whose second is in the hash: two runs of one
// minute are two, and the later is not done again upon itself.
func (r *runHash) name(asOf time.Time, options map[string]any) string {
	if second := asOf.Second(); second > 0 {
		r.hash.Write([]byte{byte(second)})
	}
	if err := json.NewEncoder(r.hash).Encode(options); err != nil {
		panic(fmt.Sprintf("spreewatch: hash of the settings: %v", err))
	}
	return asOf.Format("20060102T1504") + "-" + hex.EncodeToString(r.hash.Sum(nil))[:8]
}
