using System.Reactive.Subjects;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Freshness;
using Pipeline.Core.Market;
using Pipeline.TestKit.Time;

namespace Pipeline.Tests.Feeds.Freshness;

/// <summary>A venue whose streams are watched, on a clock that the test moves.</summary>
internal sealed class MonitorWorld : IDisposable, IStreamRemedy
{
    public const string Connection = "binance-1";

    private readonly VenueBatch _batch = new();
    private readonly SymbolTable _symbols = new();
    private readonly List<Instrument> _instruments = [];
    private readonly Subject<FeedEvent> _events = new();
    private long _id;

    public MonitorWorld(WebSocketOptions? options = null)
    {
        MarketClock = new SettableClock(Time);
        Activity = new StreamActivity(Metrics);
        Monitor = new HealthMonitor("binance", options ?? new WebSocketOptions(), Activity, Probe, this, MarketClock, Time, Metrics);
        Monitor.Attach(_events);
        Monitor.Changes.Subscribe(health => Changes.Add((Time.Elapsed, health)));
    }

    public TestTimeProvider Time { get; } = new();

    public SettableClock MarketClock { get; }

    public PipelineMetrics Metrics { get; } = new();

    public StreamActivity Activity { get; }

    public FakeStreamProbe Probe { get; } = new();

    public HealthMonitor Monitor { get; }

    public List<(TimeSpan At, StreamHealth Health)> Changes { get; } = [];

    public List<string> Resubscribed { get; } = [];

    public List<(string Connection, string Reason)> Suspected { get; } = [];

    /// <summary>What else happens when a stream is asked for anew.</summary>
    public Action? OnResubscribe { get; set; }

    /// <summary>Socket that carries what is brought.</summary>
    public long Socket { get; set; } = 1;

    /// <summary>Age of events on arrival.</summary>
    public TimeSpan Lag { get; set; } = TimeSpan.FromMilliseconds(20);

    public StreamHealth Last => Changes[^1].Health;

    public bool Resubscribe(string stream)
    {
        Resubscribed.Add(stream);
        OnResubscribe?.Invoke();
        return true;
    }

    public void Suspect(string connection, string reason) => Suspected.Add((connection, reason));

    /// <summary>Watches a stream of an instrument of its own, and has it acknowledged.</summary>
    public FeedStream Add(StreamChannel channel = StreamChannel.Trade, string? dataType = null, bool isConfirmed = true)
    {
        var index = _instruments.Count;
        var instrument = new Instrument(index, "binance", $"I{index}-USDT", $"I{index}USDT");
        _instruments.Add(instrument);
        _symbols.Add(instrument);
        var stream = new FeedStream($"i{index}@{channel}", instrument, channel, dataType ?? channel.ToString().ToLowerInvariant(), 0);
        Monitor.Watch(stream);
        if (isConfirmed)
        {
            Confirm(stream);
        }

        return stream;
    }

    public void Tell(FeedEvent happened) => _events.OnNext(happened);

    public void Confirm(params FeedStream[] streams) => Settle(SubscriptionAction.Subscribe, null, streams);

    public void Settle(SubscriptionAction action, string? reason, params FeedStream[] streams) =>
        Tell(new StreamsSettled("binance", Connection, new SubscriptionOutcome(action, [.. streams.Select(stream => stream.Name)], reason)));

    public void Open(string connection = Connection, string? leg = null, bool isAside = false) => Tell(
        new ConnectionOpened("binance", connection, new ReconnectionInfo(ReconnectionReason.Initial, TimeSpan.Zero)) { Leg = leg, IsAside = isAside });

    public void Pause(string? leg = null, bool isAside = false) =>
        Tell(new ConnectionPaused("binance", Connection, TimeSpan.FromMilliseconds(200)) { Leg = leg, IsAside = isAside });

    public void Resume(string? leg = null, bool isAside = false) =>
        Tell(new ConnectionResumed("binance", Connection, TimeSpan.FromSeconds(1)) { Leg = leg, IsAside = isAside });

    public void Lose(string connection = Connection, bool wasConnected = true, string? leg = null, bool isAside = false) => Tell(
        new ConnectionLost(
            "binance", connection, new DisconnectionInfo(DisconnectionReason.Aborted, wasConnected, null, null, null, TimeSpan.Zero, null))
        {
            Leg = leg,
            IsAside = isAside,
        });

    /// <summary>Data of the streams arrives now.</summary>
    public void Bring(params FeedStream[] streams)
    {
        var now = MarketTime.Now(MarketClock);
        _batch.Source = new FeedSource("binance", Connection, null, _symbols, 1);
        _batch.Origin = new FrameOrigin(Socket, Socket, 1);
        _batch.ReceivedTime = now;
        var (time, one) = (now - MarketTime.From(Lag), new Number(1, 0));
        foreach (var stream in streams)
        {
            var symbol = stream.Instrument!.Index;
            _id++;
            switch (stream.Channel)
            {
                case StreamChannel.Trade:
                    _batch.Add(new VenueTrade(symbol, _id, _id, one, one, AggressorSide.Buy, 1, TradeKind.Market, time));
                    break;
                case StreamChannel.Quote:
                    _batch.Add(new VenueQuote(symbol, _id, one, one, one, one, time));
                    break;
                case StreamChannel.MarkPrice:
                    _batch.Add(new VenueMarkPrice(symbol, one, null, time));
                    break;
                case StreamChannel.Liquidation:
                    _batch.Add(new VenueLiquidation(symbol, AggressorSide.Buy, one, null, one, time));
                    break;
                default:
                    throw new NotSupportedException(stream.Channel.ToString());
            }
        }

        Activity.Note(_batch);
        _batch.Release();
    }

    public void Pass(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Seconds in each of which all the streams bring data.</summary>
    public void Live(int seconds, params FeedStream[] streams)
    {
        for (var second = 0; second < seconds; second++)
        {
            Pass(1);
            Bring(streams);
        }

        Pass(0);
    }

    public (HealthState State, string Reason) StateOf(FeedStream stream)
    {
        var last = Changes.Last(change => change.Health.Instrument == stream.Instrument && change.Health.DataType == stream.DataType).Health;
        return (last.State, last.Reason);
    }

    public long Count(string metric, string detail) =>
        Metrics.Snapshot().Where(sample => sample.Name == metric && sample.Detail == detail).Sum(sample => sample.Value);

    public void Dispose()
    {
        Monitor.Dispose();
        Metrics.Dispose();
        _events.Dispose();
    }
}
