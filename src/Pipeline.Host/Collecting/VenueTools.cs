using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;

namespace Pipeline.Host.Collecting;

/// <summary>What all venues of a collector share.</summary>
/// <param name="IsOurs">Which instruments, by key, are ours where collectors share them; null = all.</param>
/// <param name="Known">What was written of all venues' instruments before, by venue.</param>
internal sealed record VenueTools(
    InstrumentRegistry Instruments,
    Lazy<Task<ILookup<string, InstrumentRecord>>> Known,
    IMarketSink Sink,
    PipelineMetrics Metrics,
    TimeProvider MarketClock,
    TimeProvider Time,
    ILogger Log,
    Func<string, bool>? IsOurs = null);
