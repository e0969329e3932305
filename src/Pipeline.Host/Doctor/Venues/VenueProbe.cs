using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Feeds.Transport;
using Pipeline.Core.Market;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Host.Doctor.Venues;

/// <summary>The ways to one venue, and what its checks share, each asked for once: the time, and what the topology takes from it.</summary>
internal sealed class VenueProbe : IDisposable
{
    private const int Samples = 3;

    // The only one that a venue tells (Binance, X-MBX-USED-WEIGHT-1M); of others we know no more than what we asked ourselves.
    private const string ToldBudget = "weight";

    private static readonly TimeSpan ListLimit = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly PipelineMetrics _metrics = new();
    private readonly VenueClients _clients;
    private readonly VenueAccess _access;
    private Task<ClockSample>? _sample;
    private Task<VenuePlan>? _plan;

    public VenueProbe(VenueOptions options, TimeProvider time)
    {
        var parts = KnownVenues.Of(options.Name);
        Options = options;
        Time = time;
        Proxies = new ProxyList(options.Network.Proxies, HttpClient.DefaultProxy);
        _clients = new VenueClients([options], time, _metrics);
        _access = new VenueAccess(options, parts.Adapter, _clients.MakeRest(options, parts.Rest));
    }

    public VenueOptions Options { get; }

    public TimeProvider Time { get; }

    /// <summary>As the feeds choose them.</summary>
    public ProxyList Proxies { get; }

    public string Name => Options.Name;

    public IVenueAdapter Adapter => _access.Adapter;

    /// <summary>Null when the topology names no REST address, or the venue has none.</summary>
    public IVenueRest? Rest => _access.Rest;

    /// <summary>Weight used and allowed of the budget that the venue itself counts, other programs of this address included; null where it tells none.</summary>
    public (long Used, long Limit)? Weight
    {
        get
        {
            var samples = _metrics.Snapshot();
            var limits = samples.Where(one => one.Name == "pipeline.rest.weight_limit").ToDictionary(one => one.Detail, one => one.Value);
            return samples.Where(one => one is { Name: "pipeline.rest.weight_used", Detail: ToldBudget, Value: > 0 } && limits.GetValueOrDefault(one.Detail) > 0)
                .Select(one => ((long Used, long Limit)?)(one.Value, limits[one.Detail]))
                .MaxBy(one => (double)one!.Value.Used / one.Value.Limit);
        }
    }

    /// <summary>Full name of a key of this venue.</summary>
    public string Key(string key) => $"venues.{Name}.{key}";

    /// <summary>What to do when an address does not answer.</summary>
    public string ReachAdvice(string key) => $"check {key}; if it is right, look whether a firewall stops this machine, and whether a proxy is needed ({Key("network.proxies")})";

    public IFeedTransport MakeTransport() => new ClientWebSocketTransport(Options.Network, Time);

    /// <exception cref="VenueRestException">The venue does not answer as asked.</exception>
    public Task<ClockSample> MeasureAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _sample ??= TakeSampleAsync(cancellation);
        }
    }

    /// <summary>What the topology takes, by the venue's list, or by the names alone when it cannot be had in time.</summary>
    /// <exception cref="VenueException">Nothing of it is to be had.</exception>
    public Task<VenuePlan> PlanAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _plan ??= MakePlanAsync(cancellation);
        }
    }

    /// <summary>The newest trade of an instrument by REST, microseconds of the venue's clock; null when there is none or it does not say.</summary>
    public async Task<long?> NewestTradeAsync(Instrument instrument, CancellationToken cancellation)
    {
        if (Rest is null || Adapter.TradeSources.Count == 0)
        {
            return null;
        }

        var symbols = new SymbolTable();
        symbols.Add(instrument);
        var batch = new VenueBatch { Source = FeedSource.OfRest(Adapter, symbols) };
        try
        {
            await Rest.GetTradesAsync(instrument.Symbol, Options.TradeSource, null, 5, batch, cancellation);
        }
        catch (VenueRestException)
        {
            return null;
        }

        long? newest = null;
        for (var i = 0; i < batch.Trades.Count; i++)
        {
            newest = Math.Max(newest ?? 0, batch.Trades[i].Time * Adapter.TimeUnit);
        }

        return newest;
    }

    public void Dispose()
    {
        _clients.Dispose();
        _metrics.Dispose();
    }

    private async Task<ClockSample> TakeSampleAsync(CancellationToken cancellation)
    {
        // The first answer includes the making of the connection.
        ClockSample? best = null;
        for (var i = 0; i < Samples; i++)
        {
            var before = MarketTime.Now(Time);
            var start = Time.GetTimestamp();
            var told = await Rest!.GetServerTimeAsync(cancellation);
            var trip = Time.GetElapsedTime(start);
            if (best is null || trip < best.RoundTrip)
            {
                best = new ClockSample(TimeSpan.FromMicroseconds(told - before) - (trip / 2), trip);
            }
        }

        return best!;
    }

    private async Task<VenuePlan> MakePlanAsync(CancellationToken cancellation)
    {
        var listing = await TimeLimit.KeepAsync(
            ListLimit, Time, token => VenueListing.LoadAsync(_access, Time, NullLogger.Instance, token), () => VenueListing.OfNames(_access), cancellation);
        return VenuePlan.Of(_access, listing, new InstrumentRegistry());
    }
}
