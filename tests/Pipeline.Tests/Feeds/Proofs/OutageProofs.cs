using Pipeline.TestKit.Feeds.Virtual;
using Xunit.Abstractions;

namespace Pipeline.Tests.Feeds.Proofs;

/// <summary>
/// The exchange, or the way to it, is gone for a while, and the list of streams is edited meanwhile: data is back, of the new list alone,
/// and the operator has read one line of the end and one of the return.
/// </summary>
public sealed class OutageProofs(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(30, 45)]
    [InlineData(600, 300)]
    public void ExchangeGone_ListEdited_DataIsBack_AndEachEndAndReturnIsOneLine(double goneSeconds, double backWithinSeconds) =>
        ProofWorld.Run(world =>
        {
            var lines = Try(
                world, $"exchange gone for {goneSeconds} s", goneSeconds, backWithinSeconds, world.Venue.GoAway, world.Venue.ComeBack);
            Assert.Single(lines, line => line.StartsWith("binance-1 lost (", StringComparison.Ordinal));
            Assert.Single(lines, line => line.StartsWith("binance-1 open again (Lost): outage ", StringComparison.Ordinal));
            Assert.Single(lines, line => line.StartsWith("binance-1 has data again (Lost) after ", StringComparison.Ordinal));
            AssertNothingElse(lines, 3);
        });

    [Theory]
    [InlineData(3, 15)]
    [InlineData(30, 45)]
    [InlineData(600, 300)]
    public void NetworkSwallowsEverything_ListEdited_DataIsBack_AndEachEndAndReturnIsOneLine(double goneSeconds, double backWithinSeconds) =>
        ProofWorld.Run(world =>
        {
            var lines = Try(
                world, $"network gone for {goneSeconds} s", goneSeconds, backWithinSeconds, () => Swallow(world), () => world.Venue.HangsConnects = false);
            Assert.Single(lines, line => line.StartsWith("binance-1 suspected: ", StringComparison.Ordinal));
            Assert.Single(lines, line => line.StartsWith("binance-1 has data again (Stalled) after ", StringComparison.Ordinal));
            AssertNothingElse(lines, 2);
        });

    /// <summary>
    /// What joined is put on a connection of its own, as the other one is down: of that it is told that it cannot be opened, and that it is,
    /// or that it is alone. Nothing else is told, however long it lasts and however many attempts are made.
    /// </summary>
    private static void AssertNothingElse(string[] lines, int ofTheOutage)
    {
        Assert.Equal(ofTheOutage, lines.Count(line => line.StartsWith("binance-1 ", StringComparison.Ordinal)));
        var ofTheOther = lines.Where(line => !line.StartsWith("binance-1 ", StringComparison.Ordinal)).ToList();
        Assert.True(
            ofTheOther is [] or [_] or [_, _] && ofTheOther.All(line => line.StartsWith("binance-2 ", StringComparison.Ordinal)),
            string.Join('\n', ofTheOther));
    }

    /// <summary>Connections that are open die without a word, and none can be opened.</summary>
    private static void Swallow(ProofWorld world)
    {
        foreach (var socket in world.Venue.Open)
        {
            socket.IsBlackHole = true;
        }

        world.Venue.HangsConnects = true;
    }

    /// <summary>Answers what the operator read from the beginning of the outage on.</summary>
    private string[] Try(ProofWorld world, string what, double goneSeconds, double backWithinSeconds, Action begin, Action end)
    {
        var kept = world.List("kept", 3, TimeSpan.FromMilliseconds(100));
        world.OpenAndWait();
        var leaving = world.List("leaving", 1, TimeSpan.FromMilliseconds(100)).Single();
        var wish = world.Want(leaving);
        world.Advance(60);
        Assert.True(world.Check.Has(leaving.Name));
        var before = world.Log.Lines.Length;
        var attempts = world.Venue.Attempts.Count;

        world.Do(begin);
        world.Advance(goneSeconds / 2);
        var joining = world.List("joining", 1, TimeSpan.FromMilliseconds(100)).Single();
        world.Do(wish.Dispose);
        using var wanted = world.Want(joining);
        world.Advance(goneSeconds / 2);
        world.Do(end);

        var there = world.Now;
        foreach (var stream in kept.Append(joining))
        {
            world.UntilData(stream.Name, there, TimeSpan.FromSeconds(backWithinSeconds));
        }

        var back = world.Now - there;
        world.Advance(60);
        var lines = world.Log.Lines[before..];
        output.WriteLine($"| {what}, list edited | data of all back {back.TotalSeconds:F1} s after | {world.Venue.Attempts.Count - attempts} attempts |");
        lines.ToList().ForEach(output.WriteLine);
        var alive = world.Venue.Open.Where(socket => !socket.IsBlackHole).ToList();
        Assert.All(kept.Append(joining), stream => Assert.Single(alive, socket => socket.Has(stream.Name)));
        Assert.DoesNotContain(alive, socket => socket.Has(leaving.Name));
        Assert.Empty(world.Venue.Violations);
        return lines;
    }
}
