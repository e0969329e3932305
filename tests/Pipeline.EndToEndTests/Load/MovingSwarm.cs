using Pipeline.EndToEndTests.Stack;

namespace Pipeline.EndToEndTests.Load;

/// <summary>Many clients that move from gateway to gateway.</summary>
internal sealed class MovingSwarm(int count, IReadOnlyList<string> streams) : IAsyncDisposable
{
    // Handshakes under way at a time.
    private const int AtOnce = 8;

    public IReadOnlyList<MovingClient> All { get; } = [.. Enumerable.Range(0, count).Select(_ => new MovingClient(streams))];

    /// <summary>Times that one was cut, as one is whom a busy machine lets fall behind, and came back.</summary>
    public int Returned { get; private set; }

    public static Task MoveAsync(IEnumerable<MovingClient> clients, int port) => Parallel.ForEachAsync(
        clients, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (client, _) => await client.MoveAsync(port));

    /// <summary>Waits until something holds of what each client has of each stream.</summary>
    public Task UntilAllAsync(Func<Trail, bool> holds) => Until.TrueAsync(
        async () =>
        {
            foreach (var client in All.Where(one => one.IsCut))
            {
                Returned++;
                await client.MoveAsync(client.Port);
            }

            return All.All(one => one.Trails.All(holds));
        },
        () => $"{All.Count(one => !one.Trails.All(holds))} of {All.Count} clients are behind");

    public async ValueTask DisposeAsync()
    {
        foreach (var client in All)
        {
            await client.DisposeAsync();
        }
    }
}
