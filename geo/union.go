package geo

// A Union keeps which of so many things, numbered from 0, belong together: the
// disjoint sets of Galler & Fischer (1964), with halved paths.
type Union []int32

// NewUnion returns n things of which each is by itself.
func NewUnion(n int) Union {
	u := make(Union, n)
	for i := range u {
		u[i] = int32(i)
	}
	return u
}

// Root returns the least of the things that i belongs with.
func (u Union) Root(i int) int {
	for int(u[i]) != i {
		u[i] = u[u[i]]
		i = int(u[i])
	}
	return i
}

// Join puts the things that a and b belong with together.
func (u Union) Join(a, b int) {
	a, b = u.Root(a), u.Root(b)
	u[max(a, b)] = int32(min(a, b))
}
