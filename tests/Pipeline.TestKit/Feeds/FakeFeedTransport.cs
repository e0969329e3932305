using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;
using Pipeline.TestKit.Time;

namespace Pipeline.TestKit.Feeds;

/// <summary>
/// A venue made of memory, on virtual time. Connection attempts follow the script and succeed when it has run out. Everything runs on
/// the thread of the test: what a call causes has happened when it returns.
/// </summary>
public sealed class FakeFeedTransport(TestTimeProvider time) : IFeedTransport
{
    private readonly Queue<Func<CancellationToken, Task>> _script = new();

    /// <summary>Sockets opened so far, in order.</summary>
    public List<FakeFeedSocket> Sockets { get; } = [];

    /// <summary>Virtual time of every connection attempt.</summary>
    public List<TimeSpan> Attempts { get; } = [];

    /// <summary>Runs for every socket before its client sees it: the place to hook answers in.</summary>
    public Action<FakeFeedSocket>? Connected { get; set; }

    /// <summary>The newest socket.</summary>
    public FakeFeedSocket Socket => Sockets[^1];

    /// <summary>The next attempt succeeds.</summary>
    public FakeFeedTransport ThenSucceed()
    {
        _script.Enqueue(static _ => Task.CompletedTask);
        return this;
    }

    /// <summary>The next <paramref name="times"/> attempts fail.</summary>
    public FakeFeedTransport ThenFail(DisconnectionReason reason, int? httpStatus = null, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _script.Enqueue(_ => Task.FromException(new FeedConnectException(reason, $"scripted: {reason}", httpStatus)));
        }

        return this;
    }

    /// <summary>The next <paramref name="times"/> attempts fail with <paramref name="error"/>.</summary>
    public FakeFeedTransport ThenFail(FeedConnectException error, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _script.Enqueue(_ => Task.FromException(error));
        }

        return this;
    }

    /// <summary>The next attempt neither succeeds nor fails until it is cancelled.</summary>
    public FakeFeedTransport ThenHang()
    {
        // Not an endless Task.Delay: its cancellation continues on the thread pool.
        _script.Enqueue(static cancellation =>
        {
            var never = new TaskCompletionSource();
            cancellation.Register(() => never.TrySetCanceled(cancellation));
            return never.Task;
        });
        return this;
    }

    public async Task<IFeedSocket> ConnectAsync(Uri address, WebSocketOptions options, CancellationToken cancellation)
    {
        Attempts.Add(time.Elapsed);
        if (_script.TryDequeue(out var step))
        {
            await step(cancellation);
        }

        var socket = new FakeFeedSocket(time, address);
        Sockets.Add(socket);
        Connected?.Invoke(socket);
        return socket;
    }
}
