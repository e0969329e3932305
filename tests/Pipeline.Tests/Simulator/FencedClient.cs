using System.Text.Json;

namespace Pipeline.Tests.Simulator;

/// <summary>
/// A client that knows when it has everything: it sends a ping of the venue's kind and reads up to the answer, before which comes
/// all that was sent until then.
/// </summary>
internal sealed class FencedClient(RawClient raw, string ping, string pong) : IAsyncDisposable
{
    public RawClient Raw { get; } = raw;

    /// <summary>All that has arrived since the last call.</summary>
    public async Task<List<JsonElement>> ReadAsync()
    {
        await Raw.SendAsync(ping);
        var frames = new List<JsonElement>();
        while (await Raw.ReadTextAsync() is var text && !text.Contains(pong, StringComparison.Ordinal))
        {
            frames.Add(JsonSerializer.Deserialize<JsonElement>(text));
        }

        return frames;
    }

    /// <summary>Sends a request and returns what came up to the pong after it.</summary>
    public async Task<List<JsonElement>> AskAsync(string request)
    {
        await Raw.SendAsync(request);
        return await ReadAsync();
    }

    public ValueTask DisposeAsync() => Raw.DisposeAsync();
}
