package intake

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strings"

	"spreewatch/data"
)

// readJSONL yields the reports of a file with one JSON object a line. Its keys
// are known as the headers of a table are.
func readJSONL(s *source, o Options, yield func(data.Report, error) bool) error {
	lines := &lineReader{s: s}
	rows := 0
	for {
		b, err := lines.next()
		if err == io.EOF {
			break
		}
		if err != nil && err != errEncoding {
			return err
		}
		text := bytes.TrimSpace(b)
		if len(text) == 0 || len(text) == 1 && (text[0] == '[' || text[0] == ']') {
			continue
		}
		// An array with one object a line reads as lines.
		text = bytes.TrimSuffix(bytes.TrimPrefix(text, []byte("[")), []byte("]"))
		text = bytes.TrimSuffix(bytes.TrimSpace(text), []byte(","))
		var report data.Report
		row := map[string]any{}
		refuse := func(reason string) *data.RowError {
			return &data.RowError{Source: s.name, Line: lines.number, Reason: reason}
		}
		switch {
		case err == errEncoding:
			err = refuse("the row is not valid UTF-8")
		default:
			d := json.NewDecoder(bytes.NewReader(text))
			d.UseNumber()
			if d.Decode(&row) != nil || d.More() || row == nil {
				err = refuse("not one JSON object")
				break
			}
			get, e := keyed(s.shown(), row, o.Columns)
			if e != nil {
				return e
			}
			report, err = reportFrom(get, s.name, lines.number, &o)
		}
		rows++
		if !yield(report, err) {
			return errStopped
		}
	}
	if rows == 0 {
		return &data.UserError{Msg: s.shown() + " has no rows", Hint: "write one JSON object a line"}
	}
	return nil
}

// keyed returns the fields of a JSON object by the spellings of its keys.
func keyed(source string, row map[string]any, named map[string]string) (cells, error) {
	plain := make(map[string]string, len(row))
	keys := make([]string, 0, len(row))
	for k := range row {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		p := plainHeader(k)
		if _, ok := plain[p]; !ok {
			plain[p] = k
		}
	}
	return func(field string) string {
		if header, ok := named[field]; ok {
			if v, ok := row[header]; ok {
				return jsonText(v)
			}
			return jsonText(row[plain[plainHeader(header)]])
		}
		for _, s := range spellings[field] {
			if k, ok := plain[s]; ok {
				if v := jsonText(row[k]); v != "" {
					return v
				}
			}
		}
		return ""
	}, nil
}

func jsonText(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	}
	return ""
}
