using System.Text;
using Pipeline.Fanout.Frames;

namespace Pipeline.Fanout;

/// <content>The end of a link, and what the sweep looks for.</content>
public sealed partial class ClientLink
{
    private const int MaxReasonBytes = 123;

    private LinkClosure _closure = new(CloseCode.Broken, "connection broke", ByPeer: true);
    private int _closeDeadline;
    private int _nextPing;

    /// <summary>Nothing can be written any more.</summary>
    private bool _broken;

    /// <summary>Made when reading has ended: done when writing has.</summary>
    private TaskCompletionSource? _writingEnded;

    /// <summary>Ages, pings, silence, held-back messages. Called once per sweep.</summary>
    internal void Sweep(int tick)
    {
        bool mustWake;
        lock (_outbox)
        {
            if (_state == LinkState.Closed)
            {
                return;
            }

            if (_state == LinkState.Closing)
            {
                if (tick - _closeDeadline < 0)
                {
                    return;
                }

                mustWake = false;
            }
            else
            {
                SweepOpen(tick);
                mustWake = MustWake();
            }
        }

        if (mustWake)
        {
            Pump.Enqueue(this);
        }
        else if (_state == LinkState.Closing && tick - _closeDeadline >= 0)
        {
            Break();
        }
    }

    internal void Close(LinkClosure closure, bool clear)
    {
        bool mustWake;
        lock (_outbox)
        {
            if (_state != LinkState.Open)
            {
                return;
            }

            StartClosing(closure, clear);
            mustWake = MustWake();
        }

        if (mustWake)
        {
            Pump.Enqueue(this);
        }
    }

    /// <summary>Ends the connection without further words; the reader sees its end.</summary>
    internal void Break()
    {
        lock (_outbox)
        {
            _broken = true;
        }

        _transport.Abort();
        TellIfAtRest();
    }

    private static byte[] CloseFrame(int code, string reason)
    {
        if (code is CloseCode.None or CloseCode.Broken)
        {
            return [0x88, 0x00];
        }

        Span<byte> text = stackalloc byte[MaxReasonBytes];
        Encoding.UTF8.GetEncoder().Convert(reason, text, flush: true, out _, out var length, out _);
        return [0x88, (byte)(length + 2), (byte)(code >> 8), (byte)code, .. text[..length]];
    }

    private void SweepOpen(int tick)
    {
        var idle = _server.TicksIn(_options.IdleTimeout);
        var oldest = _pendingRequired ?? _outbox.OldestRequired();
        if (oldest is { } posted && tick - posted > _server.TicksIn(_options.MaxAge))
        {
            StartClosing(_options.SlowClosure, clear: true);
        }
        else if (idle > 0 && tick - Volatile.Read(ref _lastSeen) > idle)
        {
            StartClosing(_options.IdleClosure, clear: true);
        }
        else
        {
            _outbox.Release(tick, _server.SecondsPerTick);
            if (_options.PingInterval > TimeSpan.Zero && tick - _nextPing >= 0)
            {
                _pingDue = true;
                _nextPing = tick + _server.TicksIn(_options.PingInterval);
            }
        }
    }

    private void StartClosing(LinkClosure closure, bool clear)
    {
        _state = LinkState.Closing;
        _closure = closure;
        _closeDeadline = _server.Tick + _server.TicksIn(_options.CloseTimeout);
        _closeFrame = CloseFrame(closure.Code, closure.Reason);
        if (clear)
        {
            _outbox.Clear();
        }
        else
        {
            _outbox.Release(_server.Tick, 0, all: true);
        }
    }

    /// <summary>Whether no pump thread and no transport has anything of this link in hand, nor will have; under the lock.</summary>
    private bool IsAtRest() => !_queued && !_blocked && (_closeFrame is null || _closeTaken || _broken);

    private void TellIfAtRest()
    {
        TaskCompletionSource? ended;
        lock (_outbox)
        {
            ended = IsAtRest() ? _writingEnded : null;
        }

        ended?.TrySetResult();
    }

    /// <summary>
    /// Waits until the close frame is written and the transport is free, but not for ever: the sweep breaks off what takes too long. A
    /// connection that ended without close frames is broken off at once.
    /// </summary>
    private async Task EndAsync()
    {
        bool broke;
        Task? written = null;
        lock (_outbox)
        {
            broke = _state == LinkState.Open;
            if (broke)
            {
                _state = LinkState.Closing;
                _closeDeadline = _server.Tick;
                _broken = true;
                _outbox.Clear();
            }

            if (!IsAtRest())
            {
                _writingEnded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                written = _writingEnded.Task;
            }
        }

        if (broke)
        {
            _transport.Abort();
        }

        if (written is not null)
        {
            await written;
        }

        lock (_outbox)
        {
            _state = LinkState.Closed;
            _outbox.Clear();
        }

        _frames.Dispose();
        _server.Ended(this, _closure);
        try
        {
            _handler.OnClosed(this, _closure);
        }
        catch (Exception exception)
        {
            _server.HandlerFailed(this, exception);
        }
    }
}
