using System.Net.WebSockets;
using System.Text;
using System.Threading.Tasks.Sources;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.TestKit.Feeds.Virtual;

/// <summary>The venue's end and the client's end of one connection, in one object; faults of the connection are switched here.</summary>
public sealed class VirtualSocket : IFeedSocket, IValueTaskSource<FeedReceiveResult>
{
    private readonly VirtualVenue _venue;
    private readonly Queue<byte[]> _incoming = new();
    private readonly Dictionary<string, VirtualStream?> _streams = new(StringComparer.Ordinal);
    private readonly HashSet<string> _muted = new(StringComparer.Ordinal);
    private readonly Queue<TimeSpan> _messages = new();
    private ManualResetValueTaskSourceCore<FeedReceiveResult> _receive;
    private Memory<byte> _buffer;
    private int _taken;
    private bool _isReceiving;
    private bool _isClosed;
    private Exception? _broken;
    private TimeSpan _lastDelivery;

    internal VirtualSocket(VirtualVenue venue, int number, Uri address)
    {
        _venue = venue;
        Number = number;
        Address = address;
        OpenedAt = venue.Now;
    }

    /// <summary>Counted from 1 in the order of connecting.</summary>
    public int Number { get; }

    public Uri Address { get; }

    public TimeSpan OpenedAt { get; }

    public bool IsOpen { get; private set; } = true;

    /// <summary>Frames given to the client: data, answers, notices.</summary>
    public long FramesSent { get; private set; }

    /// <summary>Requests that came, taken or not.</summary>
    public long Requests { get; private set; }

    /// <summary>Names subscribed on it, those without a stream too.</summary>
    public int Streams => _streams.Count;

    /// <summary>No data is sent; answers are.</summary>
    public bool IsMute { get; set; }

    /// <summary>To the client nothing answers any more and nothing comes, though the connection never ends.</summary>
    public bool IsBlackHole { get; set; }

    /// <summary>Every frame of data is sent twice.</summary>
    public bool Doubles { get; set; }

    /// <summary>By so much data comes later than it was made.</summary>
    public TimeSpan Lag { get; set; }

    public int? CloseStatus { get; private set; }

    public string? CloseDescription { get; private set; }

    public bool Has(string stream) => _streams.ContainsKey(stream);

    /// <summary>Data of this stream is not sent any more on this connection, until it is subscribed anew.</summary>
    public void Mute(string stream) => _muted.Add(stream);

    /// <summary>The network breaks.</summary>
    public void Cut()
    {
        if (IsOpen)
        {
            _broken = new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
            End("cut");
            Fail();
        }
    }

    /// <summary>The venue closes.</summary>
    public void Close(int code, string text = "")
    {
        if (!IsOpen || IsBlackHole)
        {
            return;
        }

        CloseStatus = code;
        CloseDescription = text;
        _isClosed = true;
        End($"{code} {text}".TrimEnd());
        Pump();
    }

    /// <summary>The venue says that it will close, and does.</summary>
    public void Announce(TimeSpan closeAfter)
    {
        Send(Encoding.ASCII.GetBytes($"{{\"e\":\"serverShutdown\",\"E\":{_venue.ClockMilliseconds}}}"));
        _venue.Agenda.In(closeAfter, () => Close(1001, "Server shutdown"));
    }

    public ValueTask<FeedReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (TryReceive(buffer, out var result))
        {
            return ValueTask.FromResult(result);
        }

        if (_broken is not null)
        {
            return ValueTask.FromException<FeedReceiveResult>(_broken);
        }

        if (_isReceiving)
        {
            throw new InvalidOperationException("Two receives at once.");
        }

        _receive.Reset();
        _buffer = buffer;
        _isReceiving = true;
        return new ValueTask<FeedReceiveResult>(this, _receive.Version);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        if (_broken is not null)
        {
            return ValueTask.FromException(_broken);
        }

        if (IsOpen)
        {
            Requests++;
            _venue.Count(this);
            if (!IsBlackHole && IsInTime())
            {
                _venue.Take(this, message);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync(CancellationToken cancellation)
    {
        if (IsOpen && !IsBlackHole)
        {
            _isClosed = true;
            End("client");
            Pump();
        }

        return ValueTask.CompletedTask;
    }

    public void Abort()
    {
        _broken ??= new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        End("aborted");
        Fail();
    }

    public void Dispose() => End("disposed");

    FeedReceiveResult IValueTaskSource<FeedReceiveResult>.GetResult(short token) => _receive.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FeedReceiveResult>.GetStatus(short token) => _receive.GetStatus(token);

    // Always inline, whatever scheduler the loop runs on: what a delivery causes has happened when it returns.
    void IValueTaskSource<FeedReceiveResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _receive.OnCompleted(continuation, state, token, flags & ~ValueTaskSourceOnCompletedFlags.UseSchedulingContext);

    /// <summary>A frame of data, as far as it is to come through. The bytes are the stream's and change with its next trade.</summary>
    internal void Publish(VirtualStream stream, byte[] frame)
    {
        if (!IsOpen || IsMute || IsBlackHole || (_muted.Count > 0 && _muted.Contains(stream.Name)))
        {
            return;
        }

        for (var i = Doubles ? 2 : 1; i > 0; i--)
        {
            // A connection delivers in order: what was sent before a lag ended comes before what is sent after it.
            if (Lag > TimeSpan.Zero || _lastDelivery > _venue.Now)
            {
                var at = _venue.Now + Lag;
                _lastDelivery = at > _lastDelivery ? at : _lastDelivery;
                byte[] copy = [.. frame];
                _venue.Agenda.In(_lastDelivery - _venue.Now, () => Send(copy));
            }
            else
            {
                Deliver(frame);
            }
        }
    }

    internal void Send(byte[] frame)
    {
        if (IsOpen && !IsBlackHole)
        {
            Deliver(frame);
        }
    }

    /// <summary>False when it would be one stream too many.</summary>
    internal bool Subscribe(string name)
    {
        if (_streams.ContainsKey(name))
        {
            return true;
        }

        if (_streams.Count >= _venue.Options.MaxStreams)
        {
            return false;
        }

        var stream = _venue.Find(name);
        _streams.Add(name, stream);
        _muted.Remove(name);
        if (_venue.AcksWithoutData)
        {
            _muted.Add(name);
        }

        stream?.Add(this);
        return true;
    }

    internal void Unsubscribe(string name)
    {
        if (_streams.Remove(name, out var stream))
        {
            stream?.Remove(this);
        }
    }

    private void Deliver(byte[] frame)
    {
        FramesSent++;
        _venue.CountSent();
        if (_isReceiving && _incoming.Count == 0 && frame.Length <= _buffer.Length)
        {
            frame.CopyTo(_buffer);
            _isReceiving = false;
            _receive.SetResult(new FeedReceiveResult(frame.Length, true));
            return;
        }

        _incoming.Enqueue([.. frame]);
        Pump();
    }

    /// <summary>Counts messages of the last second, and the pong if one fell into it.</summary>
    private bool IsInTime()
    {
        var second = TimeSpan.FromSeconds(1);
        _messages.Enqueue(_venue.Now);
        while (_venue.Now - _messages.Peek() >= second)
        {
            _messages.Dequeue();
        }

        var age = _venue.Now - OpenedAt;
        var sincePong = TimeSpan.FromTicks(age.Ticks % _venue.Options.PingInterval.Ticks);
        var pongs = age >= _venue.Options.PingInterval && sincePong < second ? 1 : 0;
        if (_messages.Count + pongs <= _venue.Options.MessagesPerSecond)
        {
            return true;
        }

        _venue.Blame($"{_messages.Count} messages and {pongs} pongs within a second on connection {Number}");
        Close(1008, "Too many requests");
        return false;
    }

    private void End(string how)
    {
        if (!IsOpen)
        {
            return;
        }

        IsOpen = false;
        foreach (var stream in _streams.Values)
        {
            stream?.Remove(this);
        }

        _streams.Clear();
        _venue.Ended(this, how);
    }

    private void Pump()
    {
        if (_isReceiving && TryReceive(_buffer, out var result))
        {
            _isReceiving = false;
            _receive.SetResult(result);
        }
    }

    private void Fail()
    {
        if (_isReceiving)
        {
            _isReceiving = false;
            _receive.SetException(_broken!);
        }
    }

    private bool TryReceive(Memory<byte> buffer, out FeedReceiveResult result)
    {
        if (_incoming.TryPeek(out var frame))
        {
            var count = Math.Min(buffer.Length, frame.Length - _taken);
            frame.AsMemory(_taken, count).CopyTo(buffer);
            _taken += count;
            var isWhole = _taken == frame.Length;
            if (isWhole)
            {
                _incoming.Dequeue();
                _taken = 0;
            }

            result = new FeedReceiveResult(count, isWhole);
            return true;
        }

        result = new FeedReceiveResult(0, true, IsClose: true);
        return _isClosed && _broken is null;
    }
}
