using System.Net;
using Pipeline.Fanout;
using Pipeline.SocketIo.EngineIo;

namespace Pipeline.SocketIo.Hosting;

/// <summary>Has the code of a first client compiled before there is one, so that a thousand that come at once do not wait for that.</summary>
public static class SocketIoWarmUp
{
    private const int Rounds = 160;

    private static readonly TieringPause Pause = new(every: 40);

    /// <summary>
    /// Serves a client in memory, on a server of its own; takes about half a second the first time in a process, some milliseconds later.
    /// For the start of a process.
    /// </summary>
    public static async Task RunAsync()
    {
        using var server = new SocketIoServer(new SocketIoOptions { Recovery = new RecoveryOptions() });
        var main = server.Of("/");
        main.Connected = socket =>
        {
            socket.Join("room");
            return ValueTask.CompletedTask;
        };
        main.On("echo", said =>
        {
            said.Ack(said.Arguments);
            main.To(said.Arguments.GetString(0) ?? "").Emit("echoed", IoArguments.FromJson(said.Arguments.GetRaw(0)));
        });
        const string Query = "?EIO=4&transport=websocket";
        server.Decide(new UpgradeRequest(server.Engine.Path, Query, IPAddress.Loopback, _ => null));
        var session = server.Engine.OpenInMemory(EngineHandshake.Create(Query, IPAddress.Loopback, EngineTransports.Polling, [], _ => null));
        await session.OnPayloadAsync("40"u8.ToArray());
        for (var round = 0; round < Rounds; round++)
        {
            await Pause.BeforeAsync(round);
            await session.OnPayloadAsync("421[\"echo\",\"room\",{\"a\":[1]}]"u8.ToArray());

            // Answered at once, because the acknowledgement is there; nothing hangs on it if it is not.
            _ = session.PollAsync(out _);
        }

        await session.OnPayloadAsync("41"u8.ToArray());
        session.Close();
    }
}
