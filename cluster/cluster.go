// Package cluster finds sprees: short bursts of linked incidents. It counts
// incidents in cells and time steps, applies the rule of an offence profile and
// the space-time permutation scan statistic, and follows a spree from night to
// night. It is pure: the clock and the seed are arguments, and the same input
// gives the same answer whatever its order.
package cluster
