// Package cluster holds what its folders share: incidents, windows of time, offence
// profiles, sprees and the ground they cover. All below it is pure: the clock and
// the seed are arguments, and the same input gives the same answer whatever its
// order.
package cluster
