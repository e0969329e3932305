using System.Net.WebSockets;
using System.Text;
using System.Threading.Tasks.Sources;
using Pipeline.Core.Feeds.Transport;
using Pipeline.TestKit.Time;

namespace Pipeline.TestKit.Feeds;

/// <summary>
/// A scripted socket. Frames delivered in one call arrive together: the client's receives complete synchronously until they are used
/// up. Allocates nothing per frame itself.
/// </summary>
public sealed class FakeFeedSocket : IFeedSocket, IValueTaskSource<FeedReceiveResult>
{
    private readonly TestTimeProvider _time;
    private readonly Queue<(ReadOnlyMemory<byte> Bytes, bool End)> _incoming = new();
    private ManualResetValueTaskSourceCore<FeedReceiveResult> _receive;
    private Memory<byte> _buffer;
    private bool _receiving;
    private bool _closed;
    private Exception? _broken;

    internal FakeFeedSocket(TestTimeProvider time, Uri address)
    {
        _time = time;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>What the client sent, oldest first.</summary>
    public List<SentMessage> Sent { get; } = [];

    /// <summary>Runs for every message the client sends.</summary>
    public Action<string>? OnSent { get; set; }

    /// <summary>Every send waits for it; null = sends are done at once.</summary>
    public Task? SendGate { get; set; }

    /// <summary>Sends that have begun and not ended.</summary>
    public int SendsUnderWay { get; private set; }

    /// <summary>Whether the client's close is answered; without, it has to give up by itself. Default true.</summary>
    public bool AnswersClose { get; set; } = true;

    public bool IsDisposed { get; private set; }

    /// <summary>Whether both sides may take it for open.</summary>
    public bool IsOpen => !_closed && _broken is null && !IsDisposed;

    public bool IsAborted { get; private set; }

    /// <summary>Whether the client has sent a close.</summary>
    public bool IsClosedByClient { get; private set; }

    /// <summary>Whether the client waits in a receive; false while it is held back.</summary>
    public bool IsReading => _receiving;

    public bool IsVanished { get; private set; }

    public int? CloseStatus { get; private set; }

    public string? CloseDescription { get; private set; }

    public bool IsCompressed { get; set; }

    /// <summary>Bytes received so far, without headers: a fake has no frames on a wire.</summary>
    public long WireBytes { get; private set; }

    /// <summary>Frames that arrive together.</summary>
    public void Deliver(params ReadOnlySpan<string> frames)
    {
        if (IsVanished)
        {
            return;
        }

        foreach (var frame in frames)
        {
            Enqueue(Encoding.UTF8.GetBytes(frame));
        }

        Pump();
    }

    /// <summary>Lays a frame ready without delivering it yet: <see cref="Pump"/> does.</summary>
    public void Enqueue(ReadOnlyMemory<byte> bytes, bool endOfMessage = true) => _incoming.Enqueue((bytes, endOfMessage));

    /// <summary>Delivers what was laid ready.</summary>
    public void Pump()
    {
        if (_receiving && TryReceive(_buffer, out var result))
        {
            _receiving = false;
            _receive.SetResult(result);
        }
    }

    /// <summary>The venue closes with a code after the frames delivered so far.</summary>
    public void CloseByVenue(int code = 1000, string text = "")
    {
        CloseStatus = code;
        CloseDescription = text;
        _closed = true;
        Pump();
    }

    /// <summary>The network swallows everything from here on, in both directions, and tells nobody.</summary>
    public void Vanish()
    {
        OnSent = null;
        AnswersClose = false;
        IsVanished = true;
    }

    /// <summary>The connection breaks.</summary>
    public void Break()
    {
        _broken = new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        Fail();
    }

    public ValueTask<FeedReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_receiving)
        {
            throw new InvalidOperationException("Two receives at once.");
        }

        if (TryReceive(buffer, out var result))
        {
            return ValueTask.FromResult(result);
        }

        if (_broken is not null)
        {
            return ValueTask.FromException<FeedReceiveResult>(_broken);
        }

        _receive.Reset();
        _buffer = buffer;
        _receiving = true;
        return new ValueTask<FeedReceiveResult>(this, _receive.Version);
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        if (_broken is not null)
        {
            throw _broken;
        }

        SendsUnderWay++;
        await (SendGate ?? Task.CompletedTask);
        SendsUnderWay--;
        var text = Encoding.UTF8.GetString(message.Span);
        Sent.Add(new SentMessage(_time.Elapsed, text));
        OnSent?.Invoke(text);
    }

    public ValueTask CloseAsync(CancellationToken cancellation)
    {
        IsClosedByClient = true;
        if (AnswersClose && !_closed)
        {
            CloseByVenue();
        }

        return ValueTask.CompletedTask;
    }

    public void Abort()
    {
        IsAborted = true;
        Break();
    }

    public void Dispose() => IsDisposed = true;

    FeedReceiveResult IValueTaskSource<FeedReceiveResult>.GetResult(short token) => _receive.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FeedReceiveResult>.GetStatus(short token) => _receive.GetStatus(token);

    void IValueTaskSource<FeedReceiveResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _receive.OnCompleted(continuation, state, token, flags);

    private void Fail()
    {
        if (_receiving)
        {
            _receiving = false;
            _receive.SetException(_broken!);
        }
    }

    private bool TryReceive(Memory<byte> buffer, out FeedReceiveResult result)
    {
        if (_incoming.TryPeek(out var next))
        {
            var count = Math.Min(buffer.Length, next.Bytes.Length);
            next.Bytes[..count].CopyTo(buffer);
            _incoming.Dequeue();
            WireBytes += count;
            if (count < next.Bytes.Length)
            {
                PutBack((next.Bytes[count..], next.End));
            }

            result = new FeedReceiveResult(count, next.End && count == next.Bytes.Length);
            return true;
        }

        result = new FeedReceiveResult(0, true, IsClose: true);
        return _closed;
    }

    private void PutBack((ReadOnlyMemory<byte> Bytes, bool End) rest)
    {
        // Rare: only a frame larger than the room the client offered is split.
        var others = _incoming.ToArray();
        _incoming.Clear();
        _incoming.Enqueue(rest);
        foreach (var other in others)
        {
            _incoming.Enqueue(other);
        }
    }
}
