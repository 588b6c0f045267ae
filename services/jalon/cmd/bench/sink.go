package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"time"
)

// samples is how many mails a sink keeps for the bare client to send again.
const samples = 1000

// sink is the least that a mail server can be: it says yes to everything and keeps next to nothing.
type sink struct {
	listener net.Listener
	lines    sync.WaitGroup

	mu     sync.Mutex
	heard  map[string]int // by recipient
	total  int
	bytes  int
	sample [][]byte
}

func openSink(ctx context.Context) (*sink, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sink{listener: listener, heard: map[string]int{}}
	s.lines.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.lines.Go(func() { s.talk(conn) })
		}
	})
	return s, nil
}

func (s *sink) address() string { return s.listener.Addr().String() }

// close ends the sink; whoever still talks to it ends first.
func (s *sink) close() error {
	err := s.listener.Close()
	s.lines.Wait()
	return err
}

func (s *sink) talk(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	reader, writer := bufio.NewReaderSize(conn, 64<<10), bufio.NewWriter(conn)
	answer := func(text string) bool {
		_, err := writer.WriteString(text + "\r\n")
		if reader.Buffered() > 0 { // commands that came together are answered together
			return err == nil
		}
		return errors.Join(err, writer.Flush()) == nil
	}
	if !answer("220 sink ready") {
		return
	}
	var to string
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		reply := "250 yes"
		switch {
		case strings.HasPrefix(line, "EHLO"):
			reply = "250-sink\r\n250 PIPELINING"
		case strings.HasPrefix(line, "RCPT"):
			to = line[strings.IndexByte(line, '<')+1 : strings.IndexByte(line, '>')]
		case strings.HasPrefix(line, "DATA"):
			if !answer("354 go on") {
				return
			}
			content, err := untilDot(reader)
			if err != nil {
				return
			}
			s.took(to, content)
		case strings.HasPrefix(line, "QUIT"):
			answer("221 bye")
			return
		}
		if !answer(reply) {
			return
		}
	}
}

// untilDot reads a mail to the line that ends it; dots at the beginnings of lines stay doubled.
func untilDot(reader *bufio.Reader) ([]byte, error) {
	var content []byte
	for {
		line, err := reader.ReadSlice('\n')
		if err != nil {
			return nil, err
		}
		if bytes.Equal(line, []byte(".\r\n")) {
			return content, nil
		}
		content = append(content, line...)
	}
}

func (s *sink) took(to string, content []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard[to]++
	s.total++
	s.bytes += len(content)
	if len(s.sample) < samples {
		s.sample = append(s.sample, content)
	}
}

func (s *sink) sampled() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sample
}

// counted is how many recipients were written to, and how many mails too many they were sent.
func (s *sink) counted() (people, doubled int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.heard), s.total - len(s.heard)
}

func (s *sink) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes / max(1, s.total)
}

// wait returns when the sink has taken so many mails, with the peak of memory so far.
func (s *sink) wait(ctx context.Context, mails int, memory *memory) (peak float64, err error) {
	ctx, cancel := context.WithTimeout(ctx, handoffPatience)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		s.mu.Lock()
		total := s.total
		s.mu.Unlock()
		if total >= mails {
			return memory.peak(), nil
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("%d of %d mails came: %w", total, mails, ctx.Err())
		case <-ticker.C:
		}
	}
}

// memory watches the highest use of the heap.
type memory struct {
	end  chan struct{}
	done chan struct{}
	mu   sync.Mutex
	most uint64
}

func watchMemory() *memory {
	m := &memory{end: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(m.done)
		ticker := time.NewTicker(100 * time.Millisecond)
		defer ticker.Stop()
		for {
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			m.mu.Lock()
			m.most = max(m.most, stats.HeapInuse)
			m.mu.Unlock()
			select {
			case <-m.end:
				return
			case <-ticker.C:
			}
		}
	}()
	return m
}

// peak is in MiB.
func (m *memory) peak() float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return float64(m.most>>10) / 1024
}

func (m *memory) stop() float64 {
	close(m.end)
	<-m.done
	return m.peak()
}
