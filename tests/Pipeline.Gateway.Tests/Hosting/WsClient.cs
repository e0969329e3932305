using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Pipeline.Gateway.Tests.Hosting;

/// <summary>A bare client of <c>/ws</c> of a running gateway.</summary>
internal static class WsClient
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    /// <param name="forwardedFor">Whom a proxy names; null = there is none.</param>
    public static async Task<ClientWebSocket> OpenAsync(RunningGateway gateway, string? forwardedFor = null)
    {
        var client = new ClientWebSocket();
        if (forwardedFor is not null)
        {
            client.Options.SetRequestHeader("X-Forwarded-For", forwardedFor);
        }

        using var bound = new CancellationTokenSource(Bound);
        await client.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/ws" }.Uri, bound.Token);
        return client;
    }

    /// <summary>One that has had an answer: the gateway knows it.</summary>
    public static async Task<ClientWebSocket> JoinAsync(RunningGateway gateway)
    {
        var client = await OpenAsync(gateway);
        await AskAsync(client, """{"op":"ping"}""");
        return client;
    }

    /// <summary>Sends a request; the first message after it that is no data.</summary>
    public static async Task<JsonNode> AskAsync(ClientWebSocket client, string json)
    {
        await client.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        using var bound = new CancellationTokenSource(Bound);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var result = await client.ReceiveAsync(buffer, bound.Token);
            var message = JsonNode.Parse(buffer.AsSpan(0, result.Count))!;
            if ((string)message["type"]! != "data")
            {
                return message;
            }
        }
    }
}
