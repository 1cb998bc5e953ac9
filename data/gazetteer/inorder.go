package gazetteer

import (
	"iter"
	"runtime"

	"spreewatch/geo"
)

// jobsAhead is how many jobs for each core are begun before the result of the first
// is taken.
const jobsAhead = 2

// inOrder does jobs on all cores at once and yields their results in the order of
// the jobs. worker makes the function that does one job after another on one core,
// so that what it keeps between them is its own. Jobs are drawn in one goroutine,
// and no goroutine is left when the loop over the results has ended.
func inOrder[J, R any](jobs iter.Seq[J], worker func() func(J) R) iter.Seq[R] {
	return func(yield func(R) bool) {
		type job struct {
			of   J
			done chan R
		}
		cores := runtime.GOMAXPROCS(0)
		todo := make(chan job, jobsAhead*cores)
		begun := make(chan chan R, jobsAhead*cores)
		stop := make(chan struct{})
		var workers geo.Workers
		workers.Go(func() {
			defer close(begun)
			defer close(todo)
			for of := range jobs {
				j := job{of, make(chan R, 1)}
				select {
				case begun <- j.done:
				case <-stop:
					return
				}
				select {
				case todo <- j:
				case <-stop:
					return
				}
			}
		})
		for range cores {
			workers.Go(func() {
				do := worker()
				for j := range todo {
					// A job that panics is not waited for: Wait raises it again.
					func() {
						defer close(j.done)
						j.done <- do(j.of)
					}()
				}
			})
		}
		defer workers.Wait()
		defer close(stop)
		for done := range begun {
			result, ok := <-done
			if !ok || !yield(result) {
				return
			}
		}
	}
}
