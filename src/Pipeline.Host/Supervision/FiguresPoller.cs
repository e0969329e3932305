using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Pipeline.Host.Supervision;

/// <summary>Asks a server in another process for its figures, once a second.</summary>
/// <typeparam name="T">What it answers, as JSON.</typeparam>
/// <param name="apply">Is given each answer, or null when there is none, or none that we may have.</param>
internal sealed class FiguresPoller<T>(HttpClient client, Uri address, Action<T?> apply, TimeProvider time)
    where T : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Sent along; null = none.</summary>
    public string? Token { get; init; }

    /// <summary>Asks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                apply(await AskAsync(cancellation));
                await Task.Delay(Interval, time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The normal end.
        }
    }

    private async Task<T?> AskAsync(CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Authorization = Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
            using var answer = await client.SendAsync(request, cancellation);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<T>(cancellation) : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or NotSupportedException or TaskCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }
}
