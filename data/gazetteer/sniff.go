package gazetteer

import (
	"bytes"
	"encoding/binary"
	"io"
	"iter"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"spreewatch/data/table"
	"spreewatch/geo/index"
)

// A format is a way of writing a gazetteer down. The zero format is none.
type format struct {
	name    string
	licence string
	read    func(*Set) iter.Seq2[index.Entry, error]
	passes  int // how many times read goes through the files
}

var (
	formatPlain    = format{"CSV", "the force's own", readPlain, 1}
	formatPolice   = format{"data.police.uk", "Open Government Licence v3.0", readPolice, 1}
	formatPostal   = format{"GeoNames postal codes", "CC-BY 4.0, GeoNames", readPostal, 1}
	formatGeoNames = format{"GeoNames", "CC-BY 4.0, GeoNames", readGeoNames, 1}
	formatCode     = format{"Code-Point Open", "Open Government Licence v3.0, OS and Royal Mail", readCodePoint, 1}
	formatNames    = format{"OS Open Names", "Open Government Licence v3.0, OS", readOpenNames, 1}
	formatRoads    = format{"OS Open Roads", "Open Government Licence v3.0, OS", readOpenRoads, 1}
	formatONS      = format{"ONS postcode directory", "Open Government Licence v3.0, ONS, OS and Royal Mail", readONS, 1}
	formatAddress  = format{"AddressBase", "licensed by OS", readAddressBase, 1}
	formatPBF      = format{"OpenStreetMap PBF", "ODbL 1.0, OpenStreetMap contributors", readOSM, 2}
)

// A sniffed is what the first bytes of a file tell.
type sniffed struct {
	format   format
	source   string   // name of the source that the file belongs to
	release  string   // where the file itself says it
	header   []string // the column names of OS Open Names, which stand in a file of their own
	released string   // the release that a file beside the data says
	almost   string   // why it is not quite a gazetteer, for a person
	instead  string   // what to give in its place, where that is known
	layer    string   // the table to read of a GeoPackage
	packed   bool     // it has to be unpacked first, which is said wherever it lies
}

// sniff tells what the part is by the start of its content.
func sniff(p part) (sniffed, error) {
	rc, err := p.open()
	if err != nil {
		return sniffed{}, err
	}
	defer rc.Close()
	head := make([]byte, sniffSize)
	n, err := io.ReadFull(rc, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return sniffed{}, err
	}
	head = head[:n]
	if found, ok := sniffPBF(head); ok {
		found.source = "OpenStreetMap " + stem(p.name)
		if at := pbfTimestamp(bytes.NewReader(head)); at > 0 {
			found.release = time.Unix(at, 0).UTC().Format(time.DateOnly)
		}
		return found, nil
	}
	if bytes.HasPrefix(head, []byte("SQLite format 3\x00")) {
		return sniffLayers(p)
	}
	whole := err != nil
	plain, err := io.ReadAll(table.Decode(bytes.NewReader(head)))
	if err != nil || bytes.IndexByte(plain, 0) >= 0 {
		return sniffed{}, nil
	}
	return sniffText(firstRows(plain, whole), plain, p.name), nil
}

// sniffPBF knows OSM PBF by its first blob, which is always named OSMHeader.
func sniffPBF(head []byte) (sniffed, bool) {
	const mark = "\x0a\x09OSMHeader"
	if len(head) < 4+len(mark) || string(head[4:4+len(mark)]) != mark || binary.BigEndian.Uint32(head) > 64<<10 {
		return sniffed{}, false
	}
	return sniffed{format: formatPBF}, true
}

// firstRows returns up to the first two lines. The last line is left out when
// the file goes on behind it.
func firstRows(head []byte, whole bool) []string {
	lines := strings.Split(string(head), "\n")
	if !whole {
		lines = lines[:len(lines)-1]
	}
	var out []string
	for _, line := range lines {
		if line = strings.TrimRight(line, "\r"); strings.TrimSpace(line) != "" && len(out) < 2 {
			out = append(out, line)
		}
	}
	return out
}

var copyrightDate = regexp.MustCompile(`(?i)COPYRIGHT DATE:\s*(\d{4})(\d{2})(\d{2})`)

func sniffText(lines []string, head []byte, name string) sniffed {
	if len(lines) == 0 {
		return sniffed{}
	}
	if m := copyrightDate.FindSubmatch(head); m != nil {
		return sniffed{released: string(m[1]) + "-" + string(m[2]) + "-" + string(m[3])}
	}
	tabs := strings.Split(lines[0], "\t")
	switch {
	case len(tabs) == 12 && isDegrees(tabs[9], tabs[10]):
		return sniffed{format: formatPostal, source: formatPostal.name + " " + tabs[0]}
	case len(tabs) == 19 && isDegrees(tabs[4], tabs[5]):
		return sniffed{format: formatGeoNames, source: strings.TrimSpace(formatGeoNames.name + " " + tabs[8])}
	}
	t := table.NewReader(strings.NewReader(strings.Join(lines, "\n")), table.Dialect{OneRow: true})
	first, _, err := t.Next()
	if err != nil {
		return sniffed{}
	}
	first = append([]string(nil), first...)
	second, _, _ := t.Next()
	switch {
	case isOpenNamesHeader(first):
		if len(second) == 0 {
			return sniffed{header: first}
		}
		return sniffed{format: formatNames, source: formatNames.name}
	case isOpenNames(first):
		return sniffed{format: formatNames, source: formatNames.name}
	case isCodePoint(first):
		return sniffed{format: formatCode, source: formatCode.name}
	}
	if at, ok := policeHeader(first); ok {
		r := plainRow{at, second}
		force := r.get("falls within")
		if force == "" {
			force = r.get("reported by")
		}
		return sniffed{format: formatPolice, source: strings.TrimSpace(formatPolice.name + " " + force), release: r.get("month")}
	}
	if _, ok := onsHeader(first); ok {
		return sniffed{format: formatONS, source: formatONS.name}
	}
	if _, ok := addressHeader(first); ok {
		return sniffed{format: formatAddress, source: formatAddress.name}
	}
	at, ok := plainHeader(first)
	if ok && table.Incidents(first) {
		return sniffed{almost: "is a table of incidents, and no gazetteer: spreewatch ingest reads it"}
	}
	if ok {
		return sniffed{format: formatPlain, source: stem(name)}
	}
	_, named := at["name"]
	if _, street := at["street"]; named && !street {
		return sniffed{almost: "has no column of each of name, kind, lat and lon"}
	}
	return sniffed{}
}

func isDegrees(lat, lon string) bool {
	_, ok := parseDegrees(lat, lon)
	return ok
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// stem is the name of a file without folders and extensions.
func stem(name string) string {
	if _, inner, ok := strings.Cut(name, ":"); ok {
		name = inner
	}
	name = filepath.Base(name)
	if i := strings.IndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return name
}
