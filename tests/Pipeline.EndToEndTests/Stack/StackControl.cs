using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>What a test may do to a running stack beside looking: faults at the simulator, orders to the collector.</summary>
internal sealed class StackControl(LocalStack stack)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(2) };

    /// <summary>Microseconds since the Unix epoch, by the clock that all processes share.</summary>
    public static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Switches a fault on; answers its handle.</summary>
    public async Task<int> FaultAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(new Uri(stack.Control, "/faults"), content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return (int)JsonNode.Parse(text)!["handle"]!;
    }

    /// <summary>Those that are on, and the newest hundred that are over.</summary>
    public async Task<JsonNode> FaultsAsync() => (await Http.GetFromJsonAsync<JsonNode>(new Uri(stack.Control, "/faults")))!;

    /// <summary>All faults that were on, and what each did.</summary>
    public async Task<JsonNode> InjectedAsync() => (await Http.GetFromJsonAsync<JsonNode>(new Uri(stack.Control, "/faults/injected")))!;

    public async Task EndFaultsAsync()
    {
        using var answer = await Http.DeleteAsync(new Uri(stack.Control, "/faults"));
        Assert.True(answer.IsSuccessStatusCode);
    }

    /// <summary>What the exchange counted, per connection and over all.</summary>
    public async Task<JsonNode> TranscriptAsync() =>
        (await Http.GetFromJsonAsync<JsonNode>(new Uri(stack.Control, "/transcript/connections")))!;

    /// <summary>Connects that were tried, and requests that came.</summary>
    public async Task<(long Attempts, long Requests)> ActionsAsync()
    {
        var transcript = await TranscriptAsync();
        return ((long)transcript["attempts"]!, transcript["connections"]!.AsArray().Sum(one => (long)one!["requests"]!));
    }

    /// <summary>Ids of the connections that are open, oldest first; of one venue, and those alone that carry a stream.</summary>
    public async Task<List<int>> OpenAsync(string venue = "binance", string? stream = null) =>
        [.. (await stack.ConnectionsAsync()).AsArray()
            .Where(one => (string)one!["venue"]! == venue)
            .Where(one => stream is null || one!["streams"]!.AsArray().Any(name => (string)name! == stream))
            .Select(one => (int)one!["id"]!)];

    /// <summary>Has the collector replace connections, and waits for it; answers what became of each.</summary>
    public Task<JsonNode?> RotateAsync(string venue, string? connection = null) =>
        OrderAsync($"/rotate?venue={venue}&wait=true{(connection is null ? "" : $"&connection={connection}")}");

    /// <summary>Has the collector read its topology again.</summary>
    public Task<JsonNode?> ReloadAsync() => OrderAsync("/reload");

    private async Task<JsonNode?> OrderAsync(string path)
    {
        using var answer = await Http.PostAsync(new Uri(stack.CollectorUri, path), null);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
