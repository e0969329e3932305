using System.Text;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.TestKit.Feeds;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds;

/// <summary>A connection over a scripted transport on virtual time, and a record of what it told.</summary>
internal sealed class ConnectionWorld : IDisposable
{
    /// <summary>The market clock is another one, far away, to find a mix-up of the two.</summary>
    public static readonly DateTimeOffset MarketStart = new(2021, 10, 12, 0, 0, 0, TimeSpan.Zero);

    private readonly SynchronizationContext? _context = SynchronizationContext.Current;

    public ConnectionWorld(WebSocketOptions? options = null, Func<FrameBatch, bool>? isData = null, bool recording = true, KeepAlive? keepAlive = null,
        IConnectGate? gate = null, Func<ReadOnlySpan<byte>, bool>? isShutdownNotice = null)
    {
        // Continuations shall run inline, so that what a step causes has happened when it returns. To be made inside the test method.
        SynchronizationContext.SetSynchronizationContext(null);
        Transport = new FakeFeedTransport(Time);
        Connection = new FeedConnection(
            Source with { Continuity = new Continuity() }, new Uri("ws://venue.test/ws"), Transport, options ?? new WebSocketOptions(), Market, Time, Metrics, isData,
            new Random(1), keepAlive, gate, isShutdownNotice: isShutdownNotice);
        Connection.ReconnectionHappened.Subscribe(Reconnections.Add);
        Connection.DisconnectionHappened.Subscribe(Disconnections.Add);
        Connection.ReconnectScheduled.Subscribe(Retries.Add);
        Connection.ShutdownAnnounced.Subscribe(Notices.Add);
        if (!recording)
        {
            return;
        }

        Connection.MessageReceived.Subscribe(Note, error => Error = error, () => IsCompleted = true);
    }

    public static FeedSource Source { get; } = new("binance", "binance-1", null, new SymbolTable(), 1000);

    public TestTimeProvider Time { get; } = new();

    public TestTimeProvider Market { get; } = new(MarketStart);

    public PipelineMetrics Metrics { get; } = new();

    public FakeFeedTransport Transport { get; }

    public FakeFeedSocket Socket => Transport.Socket;

    public FeedConnection Connection { get; }

    public List<ReconnectionInfo> Reconnections { get; } = [];

    public List<DisconnectionInfo> Disconnections { get; } = [];

    public List<RetryInfo> Retries { get; } = [];

    public List<ShutdownNotice> Notices { get; } = [];

    /// <summary>One line per batch: its frames, joined.</summary>
    public List<string> Batches { get; } = [];

    public Exception? Error { get; private set; }

    public bool IsCompleted { get; private set; }

    public long Counter(string name, string detail = "") =>
        Metrics.Snapshot()
            .Where(sample => sample.Name == name && (detail.Length == 0 || sample.Detail == detail))
            .Sum(sample => sample.Value);

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public void Dispose()
    {
        Metrics.Dispose();
        SynchronizationContext.SetSynchronizationContext(_context);
    }

    private void Note(FrameBatch batch) =>
        Batches.Add(string.Join(' ', Enumerable.Range(0, batch.Count).Select(i => Encoding.UTF8.GetString(batch[i]))));
}
