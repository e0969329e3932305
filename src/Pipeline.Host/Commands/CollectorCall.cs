using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Pipeline.Core.Topology;
using Pipeline.Host.Cli;
using Pipeline.Host.Status;
using Pipeline.Host.Supervision;

namespace Pipeline.Host.Commands;

/// <summary>Asks the collector of a topology for something, at its HTTP port.</summary>
internal static class CollectorCall
{
    /// <summary>Posts, and answers with status and JSON; null when that failed, which is said.</summary>
    /// <param name="path">Path and query.</param>
    public static async Task<(HttpStatusCode Status, JsonObject Body)?> PostAsync(
        CommandContext context, TopologyFile file, string path, CancellationToken cancellation)
    {
        var listen = StackPlan.Reach(file.Collector.Listen);

        // How long it takes is the collector's affair; who has waited enough presses Ctrl-C.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(listen, path));
        if (file.Collector.AdminToken is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        try
        {
            using var answer = await client.SendAsync(request, cancellation);
            if (JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation)) is JsonObject body)
            {
                return (answer.StatusCode, body);
            }

            context.Terminal.Fail($"{listen} answers {(int)answer.StatusCode} and nothing of a collector's: is something else there?");
        }
        catch (HttpRequestException error) when (error.InnerException is SocketException or null)
        {
            context.Terminal.Fail(
                $"no collector answers at {listen} (collector.listen in {file.Path}): {error.Message}. Start one with 'pipeline up' or 'pipeline collect'.");
        }
        catch (Exception error) when (error is HttpRequestException or System.Text.Json.JsonException)
        {
            context.Terminal.Fail($"what answers at {listen} is no collector: {error.Message}");
        }

        return null;
    }
}
