package table

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// maxKeys is how many different keys the objects of a file may have.
const maxKeys = 1000

// jsonRows yields the objects of the file as rows of the columns that keys names,
// which it lengthens by each key that is new. A line that is not one object is a
// *RowError.
func (t *Table) jsonRows(yield func([]string, int, error) bool) error {
	whole := bytes.TrimSpace(t.In.head)
	if first, _, cut := bytes.Cut(whole, []byte{'\n'}); cut {
		first = bytes.TrimSpace(first)
		if string(first) == "{" || !oneObject(first) && (whole[0] == '[' && spreadObjects(whole) || whole[0] == '{' && wrapped(whole)) {
			return t.jsonArray(yield)
		}
	}
	if !bytes.Contains(whole, []byte("\n")) && (bytes.HasPrefix(whole, []byte("[")) || wrapped(whole)) {
		return t.jsonArray(yield) // all on one line
	}
	l, c, err := t.In.lines(t.charset)
	if err != nil {
		return err
	}
	defer c.Close()
	for {
		b, err := l.next()
		if err == io.EOF {
			return nil
		}
		if err != nil && err != errEncoding {
			return t.In.whole(err, l.number)
		}
		text := bytes.TrimSpace(b)
		// An array with one object a line reads as lines.
		if len(text) > 0 && text[0] == '[' && (len(text) == 1 || bytes.HasPrefix(bytes.TrimSpace(text[1:]), []byte("{"))) {
			text = bytes.TrimSpace(text[1:])
		}
		text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte(",")))
		if len(text) > 0 && text[len(text)-1] == ']' && !bytes.HasPrefix(text, []byte("[")) {
			text = bytes.TrimSpace(text[:len(text)-1])
		}
		text = bytes.TrimSpace(bytes.TrimSuffix(text, []byte(",")))
		if len(text) == 0 || string(text) == "]" {
			continue
		}
		var row []string
		if err == errEncoding {
			err = &RowError{Line: l.number, Reason: "the row is not valid UTF-8"}
		} else {
			row, err = t.object(text, l.number)
		}
		if !yield(row, l.number, err) {
			return nil
		}
	}
}

// listKeys are the names under which a service lists its objects.
var listKeys = []string{"features", "data", "results", "result", "records", "rows", "items", "incidents", "reports", "crimes", "events", "value", "docs", "documents", "content", "list", "entries"}

// wrapped reports whether an object is the wrapping of a list of them, as its start
// tells.
func wrapped(head []byte) bool {
	for _, key := range listKeys {
		_, rest, ok := bytes.Cut(head, []byte(`"`+key+`"`))
		if !ok {
			continue
		}
		rest, ok = bytes.CutPrefix(bytes.TrimSpace(rest), []byte(":"))
		if !ok {
			continue
		}
		rest, ok = bytes.CutPrefix(bytes.TrimSpace(rest), []byte("["))
		rest = bytes.TrimSpace(rest)
		if ok && (bytes.HasPrefix(rest, []byte("{")) || bytes.HasPrefix(rest, []byte("["))) {
			return true
		}
	}
	return false
}

// oneObject reports whether a line is an object, behind the bracket of an array.
func oneObject(line []byte) bool {
	line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("[")))
	return json.Valid(bytes.TrimSuffix(bytes.TrimSpace(line), []byte(","))) && bytes.HasPrefix(line, []byte("{"))
}

// spreadObjects reports whether the first object of an array goes on over its line.
func spreadObjects(whole []byte) bool {
	rest := bytes.TrimSpace(whole[1:])
	first, _, _ := bytes.Cut(rest, []byte{'\n'})
	return bytes.HasPrefix(first, []byte("{")) && !oneObject(first)
}

// jsonArray reads an array of objects that are written over several lines, alone or
// as the first array of an object ("features", "data").
func (t *Table) jsonArray(yield func([]string, int, error) bool) error {
	counter, err := t.fromStart()
	if err != nil {
		return err
	}
	defer counter.close()
	d := json.NewDecoder(counter)
	var last json.Token  // the key, before the array of it
	var columns []string // of a list of lists, which names them before it
	for {
		tok, err := d.Token()
		if err == io.EOF && last != nil {
			return t.jsonSequence(yield)
		}
		if err != nil {
			return &Error{Msg: t.In.Shown() + " has no array of objects", Try: "write one JSON object a line"}
		}
		name, ok := last.(string)
		if tok == json.Delim('[') && (last == nil || ok && slices.Contains(listKeys, name)) {
			break
		}
		if tok == json.Delim('[') && ok && (name == "columns" || name == "fields") {
			if columns, err = columnNames(d); err != nil {
				return &Error{Msg: t.In.Shown() + " has no array of objects", Try: "write one JSON object a line"}
			}
			tok = nil
		}
		last = tok
	}
	return t.objects(d, counter, columns, yield)
}

// jsonSequence reads objects that are written over several lines, one after another.
func (t *Table) jsonSequence(yield func([]string, int, error) bool) error {
	counter, err := t.fromStart()
	if err != nil {
		return err
	}
	defer counter.close()
	return t.objects(json.NewDecoder(counter), counter, nil, yield)
}

// objects yields what is left of an array or a sequence of objects, or of lists of the
// values of columns.
func (t *Table) objects(d *json.Decoder, counter *lineCounter, columns []string, yield func([]string, int, error) bool) error {
	give := func(o arrayed, n int) (bool, error) {
		if t.counted {
			o.line = n
		}
		object, err := named(o.raw, columns)
		if err != nil {
			return false, &Error{Msg: t.In.Shown() + " has a list of values without as many names of columns", Try: "write one JSON object a line"}
		}
		row, err := t.object(object, o.line)
		return yield(row, o.line, err), nil
	}
	t.counted = false
	var first arrayed // is given with the second, which tells how they are arrayed
	n := 0
	for d.More() {
		var o arrayed
		behind := counter.at(d.InputOffset())
		if err := d.Decode(&o.raw); err != nil {
			return &Error{Msg: fmt.Sprintf("%s is no JSON from object %d on, behind line %d", t.In.Shown(), n+1, behind), Try: "write one JSON object a line"}
		}
		if len(o.raw) > MaxLine {
			return &Error{Msg: t.In.Shown() + ": an object is longer than 1048576 bytes", Try: "write one JSON object a line"}
		}
		o.line = counter.at(d.InputOffset() - int64(len(o.raw)))
		if n++; n == 1 {
			first = o
			continue
		}
		if n == 2 {
			t.counted = o.line == first.line
			if more, err := give(first, 1); !more || err != nil {
				return err
			}
		}
		if more, err := give(o, n); !more || err != nil {
			return err
		}
	}
	if n == 1 {
		_, err := give(first, 1)
		return err
	}
	return nil
}

// An arrayed object has the line on which it begins or, where a line has
// several, its place among all of them.
type arrayed struct {
	raw  json.RawMessage
	line int
}

// columnNames reads the names of columns that a service lists before lists of
// values: as they are, or in objects with a name, or where they have none an id.
func columnNames(d *json.Decoder) ([]string, error) {
	var names []string
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, err
		}
		var column struct {
			Name string
			ID   json.RawMessage // a number beside a name
		}
		name := jsonText(raw)
		if json.Unmarshal(raw, &column) == nil {
			name = cmp.Or(column.Name, jsonText(column.ID))
		}
		names = append(names, name)
	}
	_, err := d.Token()
	return names, err
}

// named makes an object of a list of values, by the names of its columns; an object
// stays as it is.
func named(raw json.RawMessage, columns []string) (json.RawMessage, error) {
	if len(columns) == 0 || raw[0] != '[' {
		return raw, nil
	}
	var values []json.RawMessage
	if err := json.Unmarshal(raw, &values); err != nil || len(values) != len(columns) {
		return nil, errors.New("not as many values as columns")
	}
	object := make(map[string]json.RawMessage, len(values))
	for i, v := range values {
		if columns[i] != "" {
			object[columns[i]] = v
		}
	}
	return json.Marshal(object)
}

// fromStart opens the input at its start.
func (t *Table) fromStart() (*lineCounter, error) {
	rc, err := t.In.unpacked()
	if err != nil {
		return nil, err
	}
	return &lineCounter{r: t.In.decoded(rc), close: rc.Close}, nil
}

// lineCounter turns offsets into line numbers.
type lineCounter struct {
	r     io.Reader
	close func() error
	ends  []int64 // offsets behind the line feeds
	total int64
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.ends = append(c.ends, c.total+int64(i)+1)
		}
	}
	c.total += int64(n)
	return n, err
}

func (c *lineCounter) at(offset int64) int {
	i, _ := slices.BinarySearch(c.ends, offset+1)
	return i + 1
}

// object reads one object as a row. That of a GeoJSON feature is its properties.
func (t *Table) object(text []byte, line int) ([]string, error) {
	refuse := &RowError{Line: line, Reason: "not one JSON object"}
	var values map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(text))
	if d.Decode(&values) != nil || d.More() || values == nil {
		return nil, refuse
	}
	if properties, ok := values["properties"]; ok && string(values["type"]) == `"Feature"` {
		geometry := values["geometry"]
		values = nil
		if json.Unmarshal(properties, &values) != nil {
			return nil, refuse
		}
		if values == nil {
			values = map[string]json.RawMessage{}
		}
		values["geometry"] = geometry
	}
	flatten(values, 1)
	if t.keys == nil {
		t.keys = map[string]int{}
	}
	names := make([]string, 0, len(values))
	for k := range values {
		names = append(names, k)
	}
	slices.Sort(names)
	for _, k := range names {
		if _, ok := t.keys[k]; !ok {
			if len(t.keys) >= maxKeys {
				return nil, &RowError{Line: line, Reason: "the file has more than 1000 different keys"}
			}
			t.keys[k] = len(t.keys)
			t.Header = append(t.Header, k)
		}
	}
	row := make([]string, len(t.keys))
	for k, v := range values {
		row[t.keys[k]] = jsonText(v)
	}
	return row, nil
}

// flatten puts the values of an object within the object in its place, under both
// names with a dot between. A point stays one value; what its object says beside it,
// as an address, has its own.
func flatten(values map[string]json.RawMessage, depth int) {
	const deepest = 4
	for _, k := range slices.Sorted(maps.Keys(values)) {
		v := values[k]
		if len(v) == 0 || v[0] != '{' || depth > deepest {
			continue
		}
		var inner map[string]json.RawMessage
		if json.Unmarshal(v, &inner) != nil {
			continue
		}
		if isPoint(inner) {
			maps.DeleteFunc(inner, func(name string, value json.RawMessage) bool {
				return name == "type" || len(value) < 2 || value[0] != '"' || strings.ContainsAny(string(value[1:2]), "{[") || slices.Contains(coordinateKeys, strings.ToLower(name))
			})
		} else {
			flatten(inner, depth+1)
			delete(values, k)
		}
		for name, value := range inner {
			values[k+"."+name] = value
		}
	}
}

// coordinateKeys are the names of what makes an object a point.
var coordinateKeys = []string{"lat", "latitude", "lon", "lng", "long", "longitude", "coordinates", "x", "y"}

// isPoint reports whether an object holds coordinates itself.
func isPoint(values map[string]json.RawMessage) bool {
	for name := range values {
		if k := strings.ToLower(name); len(k) > 1 && slices.Contains(coordinateKeys, k) {
			return true
		}
	}
	return false
}

// jsonText is the text of a value: of an object or an array as it is written, but of
// texts with commas between.
func jsonText(v json.RawMessage) string {
	if len(v) == 0 || string(v) == "null" {
		return ""
	}
	if v[0] == '"' {
		var s string
		if json.Unmarshal(v, &s) != nil {
			return ""
		}
		return strings.TrimSpace(s)
	}
	var texts []string
	if v[0] == '[' && json.Unmarshal(v, &texts) == nil {
		return strings.Join(texts, ", ")
	}
	return string(v)
}
