using Pipeline.Simulator.Faults;
using Pipeline.Simulator.World;

namespace Pipeline.Tests.Simulator.Faults;

public sealed class FaultCatalogTests
{
    // The collection's own numbers, written down once more so that none gets lost.
    private const string Numbers =
        "F01 F02 F03 F04 F05 F06 F07 F08 F09 F10 F11 F12 F13 F14 F15 F16 F17 F18 "
        + "F20 F21 F22 F23 F24 F25 F26 F27 F28 F29 F30 F31 F32 F33 F34 F35 F36 "
        + "F40 F41 F42 F43 F44 F45 F46 F47 F48 F49 F50 F51 F52 F53 F54 F55 F56 F57 F58 F59 F60 F61 F62 F63 F64 F65 F66 F67 F68 F69 F70 F71 F72 F73 F74";

    [Fact]
    public void All_HasEveryNumberOfTheCollection() =>
        Assert.Equal(Numbers.Split(' '), FaultCatalog.All.Select(fault => fault.Id.ToString()));

    [Fact]
    public void All_SaysWhatHappensAndWhatIsExpected() => Assert.All(FaultCatalog.All, fault =>
    {
        Assert.InRange(fault.Title.Length, 5, 40);
        Assert.InRange(fault.Does.Length, 10, 200);
        Assert.InRange(fault.Expects.Length, 10, 200);
    });

    [Fact]
    public void NotSimulated_AreThoseOfOtherVenues() => Assert.Equal(
        [FaultId.F35, FaultId.F36, FaultId.F64, FaultId.F65],
        FaultCatalog.All.Where(fault => fault.Kind == FaultKind.NotSimulated).Select(fault => fault.Id));

    [Fact]
    public void Defaults_LieWithinTheirBounds() => Assert.All(
        FaultCatalog.All.SelectMany(fault => fault.Parameters),
        parameter => Assert.True(parameter.Takes(parameter.Default), $"{parameter.Name} = {parameter.Default}: {parameter.Possible}"));

    [Fact]
    public void Simulated_ConcernAVenue() => Assert.All(
        FaultCatalog.All.Where(fault => fault.Kind != FaultKind.NotSimulated), fault => Assert.NotEmpty(fault.Venues));

    [Fact]
    public void Board_WhenQuiet_IsAskedForNothing()
    {
        var clock = SimulatorTime.Make();
        using var board = new FaultBoard(clock);
        var faults = new ConnectionFaults(board, SimulatedVenue.Okx, 1, clock);

        Assert.True(board.IsQuiet);
        Assert.False(faults.IsAwake);
        Assert.Null(faults.Strike(FaultId.F43, "books:BTC-USDT"));
    }
}
