package intake

import _ "embed"

// sampleText is a bulletin of the kind spreewatch was made for;
// sample/SOURCES.md says where its facts are from.
//
//go:embed sample/bulletin.txt
var sampleText []byte

// SampleName is the source that reports of the embedded bulletin name.
const SampleName = "sample.txt"

// SampleText returns the embedded bulletin.
func SampleText() []byte { return sampleText }
