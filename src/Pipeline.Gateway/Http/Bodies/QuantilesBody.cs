using System.ComponentModel;
using Pipeline.Core.Diagnostics;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>Quantiles of the last one to two minutes, milliseconds.</summary>
internal sealed record QuantilesBody(
    [property: Description("Half are not above it, milliseconds.")] double P50,
    [property: Description("95 % are not above it, milliseconds.")] double P95,
    [property: Description("99 % are not above it, milliseconds.")] double P99,
    [property: Description("How many were counted since the start.")] long Count)
{
    public static QuantilesBody Of(LatencyHistogram histogram) => new(
        histogram.Quantile(0.5) / 1000.0, histogram.Quantile(0.95) / 1000.0, histogram.Quantile(0.99) / 1000.0, histogram.Count);
}
