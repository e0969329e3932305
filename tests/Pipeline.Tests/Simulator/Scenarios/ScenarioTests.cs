using System.Text.Json;
using Pipeline.Core.Topology;
using Pipeline.Simulator;
using Pipeline.Simulator.Faults;
using Pipeline.Simulator.Scenarios;
using Pipeline.Tests.Topology;

namespace Pipeline.Tests.Simulator.Scenarios;

public sealed class ScenarioTests
{
    private const string Script = """
        # Out of order on purpose.
        - {at: 10s, fault: F53, for: 3s}
        - {at: 5s, fault: F40, for: 1s, repeat: {every: 10s, times: 2}}
        - {at: 5s, fault: F68}
        """;

    public static TheoryData<string> Examples => [.. Directory.GetFiles(TopologyFilesTests.PathOf("scenarios")).Order(StringComparer.Ordinal)];

    [Fact]
    public void Steps_ComeWhenDue_AndInTheOrderOfTheFile()
    {
        var clock = SimulatorTime.Make();
        using var board = new FaultBoard(clock);
        using var runner = new ScenarioRunner(ScenarioReader.Read(Script, "test"), board, clock);
        var start = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromSeconds(4.999));
        Assert.Empty(board.Active);
        clock.Advance(TimeSpan.FromMinutes(1));

        var begun = board.Ended.Concat(board.Active).OrderBy(fault => fault.Handle)
            .Select(fault => (fault.Id, (fault.Begin - (start.UtcTicks - DateTime.UnixEpoch.Ticks) / 10) / 1_000_000));
        Assert.Equal([(FaultId.F40, 5), (FaultId.F68, 5), (FaultId.F53, 10), (FaultId.F40, 15)], begun);
        Assert.Equal([FaultId.F68], board.Active.Select(fault => fault.Id));
        Assert.Equal([1, 2, 1], runner.Progress.Select(one => one.Done));
        Assert.All(runner.Progress, one => Assert.Null(one.Next));
    }

    [Fact]
    public async Task Progress_IsToldAtTheControlPort()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """[{"at": "5s", "fault": "F40"}, {"at": "20s", "fault": "F53"}]""");
        await using var simulation = await Simulation.StartAsync(Simulation.Options with { Scenario = file });
        simulation.Clock.Advance(TimeSpan.FromSeconds(6));
        var progress = await simulation.GetAsync("/scenario");
        File.Delete(file);

        Assert.Equal("running", progress.GetProperty("state").GetString());
        Assert.Equal([1, 0], progress.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("done").GetInt32()));
        Assert.Equal(JsonValueKind.Null, progress.GetProperty("steps")[0].GetProperty("next").ValueKind);
        Assert.Equal("20s", progress.GetProperty("steps")[1].GetProperty("next").GetString());
    }

    [Theory]
    [InlineData("at: 10s", "s:1:1: A scenario is a list of steps")]
    [InlineData("[]", "s:1:1: A scenario is a list of steps")]
    [InlineData("- {at: 10s, fault: F07}\n- {at: 1s, fualt: F07}", "s:2:12: There is no key 'fualt': did you mean 'fault'?")]
    [InlineData("- {fault: F07}", "s:1:3: at is missing")]
    [InlineData("- {at: 10s}", "s:1:3: fault is missing")]
    [InlineData("- {at: 10, fault: F07}", "s:1:8: at: '10' is no duration")]
    [InlineData("- {at: 1s, fault: F07, repeat: 3}", "repeat must look like")]
    [InlineData("- {at: 1s, fault: F07, repeat: {evry: 1s}}", "There is no key of repeat 'evry'")]
    [InlineData("- {at: 1s, fault: F07, repeat: {every: 0s}}", "at least 1ms")]
    [InlineData("- {at: 1s, fault: F99}", "s:1:19: There is no fault 'F99'")]
    [InlineData("- {at: 1s, fault: F07", "s:1:")]
    public void Read_OfWhatIsNotPossible_NamesTheLine(string text, string message)
    {
        var failure = Assert.Throws<SimulatorStartException>(() => ScenarioReader.Read(text, "s"));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_CanBeRead(string file) => Assert.NotEmpty(ScenarioReader.ReadFile(file).Steps);

    [Fact]
    public async Task Start_WithAScenarioThatIsNotThere_SaysSo()
    {
        var failure = await Assert.ThrowsAsync<SimulatorStartException>(
            () => Simulation.StartAsync(Simulation.Options with { Scenario = "/no/such.yaml" }));

        Assert.Contains("/no/such.yaml", failure.Message, StringComparison.Ordinal);
    }
}
