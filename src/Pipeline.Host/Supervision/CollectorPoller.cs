using System.Net.Http.Json;
using System.Text.Json;
using Pipeline.Host.Collecting;

namespace Pipeline.Host.Supervision;

/// <summary>Asks a collector in another process for its figures, once a second.</summary>
internal sealed class CollectorPoller(HttpClient client, Uri address, CollectorFigures figures, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Asks until cancelled. A collector that does not answer leaves no figures.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await AskAsync(cancellation);
                await Task.Delay(Interval, time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The normal end.
        }
    }

    private async Task AskAsync(CancellationToken cancellation)
    {
        try
        {
            if (await client.GetFromJsonAsync<CollectorStatistics>(address, cancellation) is { } statistics)
            {
                figures.Apply(statistics);
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or NotSupportedException or TaskCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            figures.Clear();
        }
    }
}
