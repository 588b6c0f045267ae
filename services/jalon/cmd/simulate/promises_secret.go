package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// mark stands in everything that the crowd writes in talks.
const mark = "quetschekuche"

// secrets looks for what was written in talks where it must not be readable: in every document of every service, and in every file of
// the data folder, the bus's streams and the engine's own files among them.
func (s *simulation) secrets(ctx context.Context) error {
	if s.tally.talks.texts == 0 {
		return s.books.broken(secret, "nobody wrote anything in a talk")
	}
	client := s.world.now().Mongo()
	databases, err := client.ListDatabaseNames(ctx, bson.D{})
	if err != nil {
		return fmt.Errorf("listing databases: %w", err)
	}
	for _, database := range databases {
		if !strings.HasPrefix(database, "jalon_") {
			continue
		}
		collections, err := client.Database(database).ListCollectionNames(ctx, bson.D{})
		if err != nil {
			return fmt.Errorf("listing the collections of %s: %w", database, err)
		}
		for _, collection := range collections {
			if err := s.secretIn(ctx, strings.TrimPrefix(database, "jalon_"), collection); err != nil {
				return err
			}
		}
	}
	return s.secretFiles()
}

func (s *simulation) secretIn(ctx context.Context, service, collection string) error {
	cursor, err := in(s.world.now().Mongo(), service, collection).Find(ctx, bson.D{})
	if err != nil {
		return fmt.Errorf("reading %s of %s: %w", collection, service, err)
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		s.books.kept(secret)
		if bytes.Contains(cursor.Current, []byte(mark)) {
			return s.books.broken(secret, "a document of %s of %s holds it: %s", collection, service, cursor.Current.Lookup("_id"))
		}
	}
	return cursor.Err()
}

func (s *simulation) secretFiles() error {
	return filepath.WalkDir(s.world.dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && !entry.Type().IsRegular() {
			return nil // the services go on working
		}
		if err != nil {
			return err
		}
		s.books.kept(secret)
		tells, err := fileTells(path)
		if err != nil {
			return err
		}
		if tells {
			name, _ := filepath.Rel(s.world.dir, path)
			return s.books.broken(secret, "the file %s of the data folder holds it", name)
		}
		return nil
	})
}

// fileTells says whether a file holds the mark.
func fileTells(path string) (bool, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }() // it was only read
	window := make([]byte, 0, 1<<20)
	for {
		n, err := file.Read(window[len(window):cap(window)])
		window = window[:len(window)+n]
		if bytes.Contains(window, []byte(mark)) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		rest := max(0, len(window)-len(mark)+1) // it may stand across two readings
		window = append(window[:0], window[rest:]...)
	}
}
