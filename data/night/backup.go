package night

import (
	"context"

	"spreewatch/data"
)

// Backup writes the database to a file, encrypted for the recipients where there
// are any, while others go on with it. It is logged as a disclosure.
func Backup(ctx context.Context, o Options, path string, recipients []string) error {
	e, err := o.open(ctx)
	if err != nil {
		return err
	}
	defer e.close()
	if err := e.db.AuditLater(ctx, e.entry(data.Disclosure, "", "a backup for %s", data.Count(len(recipients), "recipient"))); err != nil {
		return err
	}
	return e.db.Backup(ctx, path, o.Guard(data.IsBackup), recipients)
}

// Restore writes the database of a backup to the file of the options, where there
// must be none.
func Restore(ctx context.Context, o Options, backup, identities string) error {
	return data.Restore(ctx, backup, o.DB, identities)
}
