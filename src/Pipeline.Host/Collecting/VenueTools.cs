using Microsoft.Extensions.Logging;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;

namespace Pipeline.Host.Collecting;

/// <summary>What all venues of a collector share.</summary>
/// <param name="Known">What was written of all venues' instruments before, by venue.</param>
internal sealed record VenueTools(
    InstrumentRegistry Instruments,
    Lazy<Task<ILookup<string, InstrumentRecord>>> Known,
    IMarketSink Sink,
    PipelineMetrics Metrics,
    TimeProvider MarketClock,
    TimeProvider Time,
    ILogger Log);
