package night

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"time"

	"spreewatch/data"
)

// A runHash names a run by its moment, its reports and its settings, so that the
// same run has the same name.
type runHash struct {
	hash hash.Hash
	enc  *json.Encoder
}

func newRunHash() runHash {
	h := sha256.New()
	return runHash{h, json.NewEncoder(h)}
}

func (r runHash) encode(v any) {
	if err := r.enc.Encode(v); err != nil {
		panic(fmt.Sprintf("spreewatch: hash of %T: %v", v, err))
	}
}

func (r runHash) add(l *data.Located) {
	r.encode([]any{l.Ref, l.Offence, l.From, l.To, l.Match.Level, l.Match.Point, l.Match.RadiusM, l.Match.Confidence})
}

func (r runHash) name(asOf time.Time, options map[string]any) string {
	r.encode(options)
	return asOf.Format("20060102T1504") + "-" + hex.EncodeToString(r.hash.Sum(nil))[:8]
}
