using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Core.Topology;
using Pipeline.Gateway.Hosting;
using Pipeline.Gateway.Tests.Hosting;

namespace Pipeline.Gateway.Tests.Candles;

/// <summary>A bare client of the candle service of a running gateway, packet by packet.</summary>
internal static class CandleClient
{
    private const string Polling = "/socket.io/?EIO=4&transport=polling";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    /// <summary>A gateway that serves candles, without history.</summary>
    public static Task<RunningGateway> StartAsync(GatewayOptions? options = null, Func<long>? memory = null)
    {
        options ??= new GatewayOptions();
        return RunningGateway.StartAsync(options, change: setup => setup with
        {
            Services =
            [
                CandleGateway.Open(
                    new TopologyFile { History = new HistoryOptions { Enabled = false } }, setup.Options, TimeProvider.System, NullLoggerFactory.Instance),
            ],
            Memory = memory ?? setup.Memory,
        });
    }

    public static Task<HttpResponseMessage> AskAsync(RunningGateway gateway, string query = "", params (string Name, string Value)[] headers) =>
        gateway.SendAsync(HttpMethod.Get, Polling + query, headers);

    /// <summary>A session that polls; its id.</summary>
    public static async Task<string> OpenPollingAsync(RunningGateway gateway, string query = "", params (string Name, string Value)[] headers)
    {
        using var answer = await AskAsync(gateway, query, headers);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return (string)JsonNode.Parse(text[1..])!["sid"]!;
    }

    public static async Task<string> PollAsync(RunningGateway gateway, string sid)
    {
        using var answer = await AskAsync(gateway, "&sid=" + sid);
        return await answer.Content.ReadAsStringAsync();
    }

    public static async Task<int> PostAsync(RunningGateway gateway, string sid, string body)
    {
        using var content = new StringContent(body);
        using var answer = await gateway.Client.PostAsync(new Uri(Polling + "&sid=" + sid, UriKind.Relative), content);
        return (int)answer.StatusCode;
    }

    public static async Task<ClientWebSocket> OpenAsync(RunningGateway gateway, string query = "", Action<ClientWebSocketOptions>? configure = null)
    {
        var client = new ClientWebSocket();
        client.Options.CollectHttpResponseDetails = true;
        configure?.Invoke(client.Options);
        var address = new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/socket.io/", Query = "EIO=4&transport=websocket" + query }.Uri;
        using var bound = new CancellationTokenSource(Bound);
        await client.ConnectAsync(address, bound.Token);
        Assert.StartsWith("0{", await NextAsync(client), StringComparison.Ordinal);
        return client;
    }

    /// <summary>A client that has joined and was greeted.</summary>
    /// <param name="forwardedFor">Whom a proxy names; null = there is none.</param>
    public static async Task<ClientWebSocket> JoinAsync(RunningGateway gateway, string? forwardedFor = null)
    {
        var client = await OpenAsync(gateway, "", options =>
        {
            if (forwardedFor is not null)
            {
                options.SetRequestHeader("X-Forwarded-For", forwardedFor);
            }
        });
        await SendAsync(client, "40");
        Assert.StartsWith("40{", await NextAsync(client), StringComparison.Ordinal);
        Assert.StartsWith("42[\"connection_success\"", await NextAsync(client), StringComparison.Ordinal);
        return client;
    }

    /// <summary>Subscribes to candles of BTC-USDT; the name of the answer, of an error with its code.</summary>
    public static async Task<string> SubscribeAsync(ClientWebSocket client, string interval)
    {
        await SendAsync(client, $$"""42["subscribe",{"symbol":"BTC-USDT","interval":"{{interval}}"}]""");
        while (true)
        {
            var packet = await NextAsync(client);
            var answer = JsonNode.Parse(packet.StartsWith("42", StringComparison.Ordinal) ? packet[2..] : "[\"\"]")!.AsArray();
            switch ((string)answer[0]!)
            {
                case "subscription_confirmed":
                    return "subscription_confirmed";
                case "error":
                    return $"error {(string)answer[1]!["code"]!}";
            }
        }
    }

    public static Task SendAsync(ClientWebSocket client, string packet) =>
        client.SendAsync(Encoding.UTF8.GetBytes(packet), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>The next packet, pings answered; of a close frame its code and reason.</summary>
    public static async Task<string> NextAsync(ClientWebSocket client)
    {
        using var bound = new CancellationTokenSource(Bound);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var result = await client.ReceiveAsync(buffer, bound.Token);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return $"close {(int?)result.CloseStatus} {result.CloseStatusDescription}";
            }

            var text = Encoding.UTF8.GetString(buffer, 0, result.Count);
            if (text != "2")
            {
                return text;
            }

            await SendAsync(client, "3");
        }
    }

    public static string Auth(string token) => "40" + JsonSerializer.Serialize(new { token });
}
