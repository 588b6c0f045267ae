//go:build linux || darwin

package mongolocal

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"go.uber.org/zap"
)

const (
	firstPause = 100 * time.Millisecond // before a restart; doubles with each failure in a row
	longPause  = 5 * time.Second        // the most of it
	steady     = time.Minute            // an engine that ran for so long starts anew with the first pause

	// inUsePatience is how long an engine may need to close whose parent has died just now: it writes a checkpoint, on a machine that may
	// be busy. A folder that another Jalon uses is told of before, and at once.
	inUsePatience = 20 * time.Second
	inUsePause    = 200 * time.Millisecond
)

var errStopped = errors.New("the local MongoDB engine is stopped")

// supervise keeps an engine running until it is stopped.
func (c *Child) supervise() {
	// The system tells the child that its parent died when the thread ends that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(c.ended)
	defer os.RemoveAll(filepath.Dir(c.socket))
	if !c.first() {
		return
	}
	for pause := firstPause; ; pause = min(2*pause, longPause) {
		cause := c.Ready()
		c.cfg.Log.Error("the local MongoDB engine ended and is started again", zap.Error(cause), zap.Duration("pause", pause))
		if c.cfg.OnRestart != nil {
			c.cfg.OnRestart(cause)
		}
		if !c.wait(pause) {
			return
		}
		began := time.Now()
		if wanted := c.run(func() { c.cfg.Log.Info("the local MongoDB engine is back") }); !wanted {
			return
		}
		if time.Since(began) > steady {
			pause = 0
		}
	}
}

// first runs the engine for the first time and tells the outcome to StartChild. It reports whether the engine is to be
// started again after that.
func (c *Child) first() (again bool) {
	for began := time.Now(); ; {
		ready := false
		wanted := c.run(func() { ready = true; c.started <- nil })
		if !wanted || ready {
			return wanted
		}
		err := c.Ready()
		var inUse *InUseError
		if !errors.As(err, &inUse) || time.Since(began) > inUsePatience || !c.wait(inUsePause) {
			c.started <- err
			return false
		}
	}
}

// run starts the engine and returns when its process has ended. It reports whether the engine is still wanted; why there
// is none is its state then.
func (c *Child) run(ready func()) (wanted bool) {
	p, err := launch(c.cfg, c.socket)
	if err != nil {
		c.setState(0, err)
		return true
	}
	for answers := p.ready; ; {
		select {
		case <-answers:
			answers = nil // heard
			c.setState(p.pid(), nil)
			ready()
		case <-p.ended:
			c.setState(0, p.cause())
			return true
		case <-c.stop:
			c.setState(0, errStopped)
			p.end(c.cfg.StopPatience)
			return false
		}
	}
}

// wait reports whether the engine is still wanted after a pause.
func (c *Child) wait(pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.stop:
		c.setState(0, errStopped)
		return false
	}
}
