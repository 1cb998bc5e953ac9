package night

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"spreewatch/cluster/scan"
)

// A Reach is how far the circles of a scan reach, as people write it: a distance,
// "5km", or the most of all cases that one holds, "50%".
type Reach struct {
	Metres Metres
	Share  float64 // over 0 to 0.5: no limit of distance; 0: Metres is the limit
}

// Set reads a reach, and Type makes it a flag. A share is over 0 and at most 50%.
func (r *Reach) Set(s string) error {
	number, ok := strings.CutSuffix(strings.TrimSpace(s), "%")
	if !ok {
		r.Share = 0
		return r.Metres.Set(s)
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || !(v > 0 && v <= 50) {
		return fmt.Errorf("%q is not a distance such as 5km, nor a share such as 50%%", s)
	}
	r.Share = v / 100
	return nil
}

func (r *Reach) Type() string { return "REACH" }

// String writes what Set reads.
func (r Reach) String() string {
	if r.Share > 0 {
		return strconv.FormatFloat(r.Share*100, 'f', -1, 64) + "%"
	}
	return r.Metres.String()
}

// Limit sets the limits of the circles of a scan.
func (r Reach) Limit(o *scan.Options) {
	o.MaxRadiusM = float64(r.Metres)
	if r.Share > 0 {
		o.MaxRadiusM, o.MaxShare = math.Inf(1), r.Share
	}
}
