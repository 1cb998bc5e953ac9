// Package geo turns a location text into a point on the ground, and the point
// into an H3 cell. It is pure: it reads no file, no clock and no database, and
// the same input gives the same answer.
//
// Points are orb.Point, longitude first, in WGS84 degrees. Distances are
// metres.
package geo
