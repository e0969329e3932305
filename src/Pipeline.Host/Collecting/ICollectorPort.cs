using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds.Pooling;
using Pipeline.Host.Collecting.Reloading;

namespace Pipeline.Host.Collecting;

/// <summary>What the collector's HTTP port answers from, and what it may ask for.</summary>
internal interface ICollectorPort
{
    Readiness Readiness { get; }

    CollectorStatistics Statistics { get; }

    PipelineMetrics Metrics { get; }

    /// <summary>Names of the connections of the venues that are collected from, by venue.</summary>
    IReadOnlyDictionary<string, IReadOnlyList<string>> Connections { get; }

    /// <summary>Replaces the sockets of a venue's connections, make before break; completes when that is done or given up.</summary>
    /// <param name="connection">Null = all of the venue.</param>
    Task<IReadOnlyList<RotationOutcome>> RotateAsync(string venue, string? connection);

    Task<ReloadOutcome> ReloadAsync();
}
