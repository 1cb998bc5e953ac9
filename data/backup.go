package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// Backup writes the database as it is at one moment, while others go on reading
// and writing, to a file; encrypted for the recipients (age1…), any of whom can
// open it, or plain where there is none. The copies that are made on the way stand
// beside the database: one of its pages, so that the moment is held no longer than
// that takes, and one of what these hold, since pages keep what was deleted from them.
func (db *DB) Backup(ctx context.Context, path string, g Guard, recipients []string) error {
	to := make([]age.Recipient, len(recipients))
	for i, text := range recipients {
		r, err := age.ParseX25519Recipient(strings.TrimSpace(text))
		if err != nil {
			return &UserError{Msg: fmt.Sprintf("recipient %d is no public key of age", i+1), Hint: "age-keygen -o key.txt makes a pair and prints the public key"}
		}
		to[i] = r
	}
	if err := g.Check(path); err != nil {
		return err
	}
	release, err := db.copies(ctx)
	if err != nil {
		return err
	}
	defer release()
	copied, err := db.copied(ctx)
	if err != nil {
		return err
	}
	defer os.Remove(copied.Name())
	defer copied.Close()
	return WriteWhole(path, g, func(w io.Writer) error {
		if len(to) == 0 {
			_, err := io.Copy(w, copied)
			return err
		}
		sealed, err := age.Encrypt(w, to...)
		if err != nil {
			return err
		}
		if _, err := io.Copy(sealed, copied); err != nil {
			return err
		}
		return sealed.Close()
	})
}

// copied is a copy of the database without what was deleted, which its caller closes
// and removes.
func (db *DB) copied(ctx context.Context) (*os.File, error) {
	dir, name := filepath.Dir(db.path), filepath.Base(db.path)+copyMark+"*"
	pages, err := os.CreateTemp(dir, name) // mode 0600; SQLite fills an empty file
	if err != nil {
		return nil, &UserError{Msg: "copy the database", Err: PathCause(err)}
	}
	defer os.Remove(pages.Name())
	defer pages.Close()
	if err := db.copyTo(ctx, pages.Name()); err != nil {
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	out, err := os.CreateTemp(dir, name)
	if err != nil {
		return nil, &UserError{Msg: "copy the database", Err: PathCause(err)}
	}
	if err := rebuild(ctx, pages.Name(), out.Name()); err != nil {
		out.Close()
		os.Remove(out.Name())
		return nil, fmt.Errorf("copy the database: %w", err)
	}
	return out, nil
}

// copyMark stands in the names of the copies that a backup makes on its way, after
// the database's.
const copyMark = ".copy-"

// copies is the lock of who makes copies, and removes those that a killed backup left.
func (db *DB) copies(ctx context.Context) (release func(), err error) {
	release, err = Lock(ctx, db.path+".backup.lock", Patience)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Dir(db.path))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(db.path)+copyMark) {
			err = errors.Join(err, os.Remove(filepath.Join(filepath.Dir(db.path), e.Name())))
		}
	}
	if err != nil {
		release()
		return nil, &UserError{Msg: "remove the copy that a backup left", Err: PathCause(err)}
	}
	return release, nil
}

// rebuild writes what the database of a file holds into another, which is empty.
// Nobody writes to the first.
func rebuild(ctx context.Context, from, to string) error {
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: from}).EscapedPath(), RawQuery: "immutable=1"}
	pages := sql.OpenDB(source(dsn.String()))
	defer pages.Close()
	_, err := pages.ExecContext(ctx, "VACUUM INTO ?", to)
	return err
}

// IsBackup tells a backup by how it begins.
func IsBackup(start string) bool {
	return strings.HasPrefix(start, ageStart) || strings.HasPrefix(start, "SQLite format 3\x00")
}

const ageStart = "age-encryption.org/v1\n"

// Restore writes the database of a backup to path, where there must be none.
// identities is the text of a file of private keys, and is not used for a plain
// backup. What is no database of ours is refused.
func Restore(ctx context.Context, backup, path, identities string) error {
	if _, err := os.Lstat(path); !gone(err) {
		return &UserError{Msg: filepath.Base(path) + " is there already", Hint: "name a new file: --db FILE"}
	}
	f, err := os.Open(backup)
	if err != nil {
		return &UserError{Msg: "read " + filepath.Base(backup), Err: PathCause(err)}
	}
	defer f.Close()
	from := io.Reader(f)
	start := make([]byte, len(ageStart))
	if _, err := io.ReadFull(f, start); err != nil {
		return &UserError{Msg: filepath.Base(backup) + " is no backup", Hint: "spreewatch backup --to FILE writes one"}
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if string(start) == ageStart {
		keys, err := age.ParseIdentities(strings.NewReader(identities))
		if err != nil {
			return &UserError{Msg: "the file of private keys cannot be read", Hint: "--identity key.txt, as age-keygen writes it"}
		}
		if from, err = age.Decrypt(f, keys...); err != nil {
			return &UserError{Msg: filepath.Base(backup) + " was not made for these keys, or was altered", Hint: "--identity key.txt"}
		}
	}
	d, err := NewDraft(path, func(w io.Writer) error {
		_, err := io.Copy(w, from)
		return err
	})
	if err != nil {
		return &UserError{Msg: "restore " + filepath.Base(backup), Err: PathCause(err), Hint: "nothing was written"}
	}
	defer d.Discard()
	findings, err := checkDraft(ctx, d.temp)
	if err == nil && len(findings) > 0 {
		err = errors.New(strings.Join(findings, "; "))
	}
	if err != nil {
		return &UserError{Msg: filepath.Base(backup) + " holds no whole database, and nothing was written", Err: err, Hint: "an earlier backup"}
	}
	if err := d.Commit(); err != nil {
		return &UserError{Msg: "write " + filepath.Base(path), Err: PathCause(err)}
	}
	return SyncFolder(filepath.Dir(path))
}

// checkDraft opens and verifies a database that is not under its name yet.
func checkDraft(ctx context.Context, path string) ([]string, error) {
	db, err := Open(ctx, path)
	if err != nil {
		return nil, err
	}
	findings, err := db.Verify(ctx)
	return findings, errors.Join(err, db.Close())
}
