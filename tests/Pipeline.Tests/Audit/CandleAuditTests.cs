using Pipeline.Core.Audit;
using Pipeline.Core.Market;
using static Pipeline.Tests.Audit.AuditWorld;

namespace Pipeline.Tests.Audit;

public sealed class CandleAuditTests
{
    private readonly AuditWorld _world = new();

    public static TheoryData<AuditField> Fields => [.. Enum.GetValues<AuditField>()];

    [Fact]
    public void Add_Same_IsCheckedAndNothingIsFound()
    {
        _world.Add(_world.Ours(), _world.Venue());
        _world.Pass(1000);
        Assert.Empty(_world.Found);
        Assert.Equal((1, 1), (_world.Audit.Summary.Checked, _world.Audit.Summary.Equal));
        Assert.Equal(long.MaxValue, _world.Audit.NextDeadline);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Add_OneFieldOfTheVenueDiffers_IsNamedAloneAndBlamesTheVenue(AuditField field)
    {
        var (ours, venue) = (AuditFields.Text(_world.Ours(), field), AuditFields.Text(Falsified(field), field));
        _world.Add(Falsified(field), _world.Ours());
        _world.Pass();
        Assert.NotEqual(ours, venue);
        Assert.Equal([$"venue-differs: {AuditNames.Of(field)} {ours}/{venue}"], _world.Found);
        Assert.Equal(new Dictionary<AuditCause, int> { [AuditCause.VenueDiffers] = 1 }, _world.Audit.Summary.Differing);
        Assert.Equal((1, 0), (_world.Audit.Summary.Checked, _world.Audit.Summary.Equal));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Add_FieldThatTheVenueDoesNotGive_IsNotCompared(AuditField field)
    {
        var venue = _world.Venue();
        venue = field switch
        {
            AuditField.TakerBuyVolume => venue with { TakerBuyVolume = null },
            AuditField.Trades => venue with { Trades = -1 },
            AuditField.FirstId or AuditField.LastId => venue with { FirstId = -1, LastId = -1 },
            _ => venue,
        };
        _world.Add(_world.Ours(), venue);
        _world.Pass();
        Assert.Empty(_world.Found);
    }

    /// <summary>Binance's candles name trades; aggregates have ids of their own.</summary>
    [Fact]
    public void Add_IdsOfAnotherStream_AreNotCompared()
    {
        var world = new AuditWorld(hasIds: false);
        world.Add(world.Ours(), world.Venue() with { FirstId = 77_000, LastId = 77_210 });
        world.Pass();
        Assert.Empty(world.Found);
        Assert.Equal(1, world.Audit.Summary.Equal);
    }

    [Theory]
    [InlineData("5000.123456789", "5000.12345678", true)]
    [InlineData("5000.123456789", "5000.12345679", true)]
    [InlineData("5000.123456781", "5000.12345679", false)]
    [InlineData("5000.123456789", "5000.1234567", false)]
    [InlineData("5000.12345678", "5000.1234567", false)]
    public void Add_TurnoverOfMoreDecimalsThanVenuesWrite_MayBeCutOrRounded(string ours, string venue, bool isSame)
    {
        Assert.True(WideNumber.TryParse(System.Text.Encoding.ASCII.GetBytes(ours), out var exact));
        Assert.True(WideNumber.TryParse(System.Text.Encoding.ASCII.GetBytes(venue), out var written));
        _world.Add(_world.Ours() with { QuoteVolume = exact }, _world.Venue() with { QuoteVolume = written });
        _world.Pass();
        Assert.Equal(isSame ? 0 : 1, _world.Found.Count);
    }

    [Fact]
    public void Add_Forming_IsPassedOver()
    {
        _world.Add(_world.Ours() with { State = CandleState.Forming }, Falsified(AuditField.Close) with { State = CandleState.Forming });
        _world.Pass();
        Assert.Empty(_world.Found);
        Assert.Equal(0, _world.Audit.Summary.Checked);
    }

    [Fact]
    public void Add_IntervalThatIsNotWanted_IsPassedOver()
    {
        var world = new AuditWorld(limits: new AuditLimits { Intervals = [CandleInterval.Parse("5m")] });
        world.Add(world.Ours(), world.Venue() with { Trades = 7 });
        world.Pass();
        world.Audit.Finish(world.Now);
        Assert.Empty(world.Found);
        Assert.Equal((0, 0), (world.Audit.Summary.Checked, world.Audit.Summary.OursOnly));
    }

    [Fact]
    public void Tick_Difference_IsToldWhenItHasLastedAndNotBefore()
    {
        _world.Add(_world.Ours());
        _world.Pass(100);
        Assert.Equal(long.MaxValue, _world.Audit.NextDeadline);
        _world.Add(Falsified(AuditField.Close));
        Assert.Equal(_world.Now + (30 * Second), _world.Audit.NextDeadline);
        _world.Pass(29.999);
        Assert.Empty(_world.Found);
        _world.Pass(0.001);
        Assert.Single(_world.Found);
        Assert.Equal(long.MaxValue, _world.Audit.NextDeadline);
        _world.Pass(1000);
        Assert.Empty(_world.Found);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public void Add_VenueCorrectsItself_IsToldApart(double after)
    {
        _world.Add(_world.Ours(), Falsified(AuditField.Close));
        _world.Pass(after);
        var before = _world.Found;
        Assert.Equal(after < 30 ? [] : (string[])["venue-differs: close 105/106"], before);
        _world.Add(_world.Venue());
        Assert.Equal(["venue-corrected agrees: close 105/105 was 106"], _world.Found);
        Assert.Empty(_world.Audit.Summary.Differing);
        Assert.Equal(new Dictionary<AuditCause, int> { [AuditCause.VenueCorrected] = 1 }, _world.Audit.Summary.Mended);
        Assert.Equal((1, 0), (_world.Audit.Summary.Checked, _world.Audit.Summary.Equal));
        _world.Pass(1000);
        Assert.Empty(_world.Found);
    }

    [Fact]
    public void Add_VenueCorrectsItselfBeforeOursIsThere_IsToldAllTheSame()
    {
        _world.Add(Falsified(AuditField.Close), _world.Venue(), _world.Ours());
        Assert.Equal(["venue-corrected agrees: close 105/105 was 106"], _world.Found);
    }

    [Fact]
    public void Add_VenueCorrectsItselfAndStillDiffers_SaysSo()
    {
        _world.Add(_world.Ours(), Falsified(AuditField.Close), Falsified(AuditField.Volume));
        _world.Pass();
        Assert.Equal(["venue-corrected: close 105/105 was 106, volume 50/51 was 50"], _world.Found);
        Assert.Equal(AuditCause.VenueCorrected, Assert.Single(_world.Audit.Summary.Differing).Key);
    }

    [Fact]
    public void Add_VenueCorrectsWhatWasRight_Differs()
    {
        _world.Add(_world.Ours(), _world.Venue(), Falsified(AuditField.High));
        _world.Pass();
        Assert.Equal(["venue-corrected: high 110/111 was 110"], _world.Found);
        Assert.Equal((1, 0), (_world.Audit.Summary.Checked, _world.Audit.Summary.Equal));
    }

    [Theory]
    [InlineData(GapState.Open)]
    [InlineData(GapState.Abandoned)]
    [InlineData(GapState.Reset)]
    public void Add_HoleTouchesTheWindow_IsOurs(GapState state)
    {
        _world.Add(_world.Gap(state));
        _world.Add(Lacking(), _world.Venue());
        _world.Pass();
        Assert.StartsWith("our-hole: volume 45/50, trades 90/100", Assert.Single(_world.Found), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(900, 999, false)]
    [InlineData(900, 1000, true)]
    [InlineData(1099, 1200, true)]
    [InlineData(1100, 1200, false)]
    public void Add_Hole_TouchesByIdsWhereTheVenueTellsThem(long fromId, long toId, bool touches)
    {
        _world.Add(_world.Gap(GapState.Open, fromId, toId));
        _world.Add(_world.Ours(), Falsified(AuditField.Close));
        _world.Pass();
        Assert.Equal(touches ? "our-hole" : "venue-differs", AuditNames.Of(Assert.Single(_world.Take()).Cause));
    }

    [Theory]
    [InlineData(-5, -1, false)]
    [InlineData(-5, 0, true)]
    [InlineData(59, 61, true)]
    [InlineData(60, 61, false)]
    public void Add_Hole_TouchesByTimeElsewhere(int from, int to, bool touches)
    {
        var world = new AuditWorld(hasIds: false);
        world.Add(world.Gap(GapState.Open, fromTime: Open + (from * Second), toTime: Open + (to * Second)));
        world.Add(world.Ours(), world.Venue() with { Close = Number.Parse("106") });
        world.Pass();
        Assert.Equal(touches ? "our-hole" : "venue-differs", AuditNames.Of(Assert.Single(world.Take()).Cause));
    }

    [Fact]
    public void Add_HoleThatIsRepaired_ExplainsNothing()
    {
        _world.Add(_world.Gap(GapState.Open));
        _world.Add(_world.Gap(GapState.Repaired));
        _world.Add(_world.Ours(), Falsified(AuditField.Close));
        _world.Pass();
        Assert.Equal(["venue-differs: close 105/106"], _world.Found);
    }

    [Fact]
    public void Add_OursIsNotComplete_IsOurHole()
    {
        _world.Add(_world.Ours(Open - Minute), Lacking() with { Complete = false }, _world.Venue());
        _world.Pass();
        Assert.Equal(AuditCause.OurHole, Assert.Single(_world.Take()).Cause);
    }

    [Fact]
    public void Add_OurFirstCandleIsNotComplete_IsAPartialStart()
    {
        _world.Add(Lacking() with { Complete = false }, _world.Ours(Open + Minute), _world.Venue());
        _world.Pass();
        Assert.Equal(AuditCause.PartialStart, Assert.Single(_world.Take()).Cause);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Add_VenueSaysThatItHasNothingThere_AndItsCandleCountsMore_WasWithheld(bool hasIds, bool isComplete)
    {
        var world = new AuditWorld(hasIds);
        world.Add(world.Gap(GapState.VenueSilent));
        world.Add(world.Ours(Open - Minute), world.Ours() with { Trades = 90, Volume = Number.Parse("45"), Complete = isComplete }, world.Venue());
        world.Pass();
        var finding = Assert.Single(world.Take());
        Assert.Equal("withheld: volume 45/50, trades 90/100", Text(finding));
        Assert.Equal([new IdRange(1010, 1019)], finding.Lacking!.Missing);
        Assert.Equal((Open, Open + Minute), (finding.Lacking.FromTime, finding.Lacking.ToTime));
    }

    [Fact]
    public void Add_VenueSaysThatItHasNothingThere_AndItsCandleCountsNoMore_ContradictsItself()
    {
        _world.Add(_world.Gap(GapState.VenueSilent));
        _world.Add(_world.Ours(), Falsified(AuditField.High));
        _world.Pass();
        Assert.Equal(["venue-differs: high 110/111"], _world.Found);
    }

    [Fact]
    public void Add_VenueCountsMoreAndNoIdIsMissing_WasWithheldAtTheEdge()
    {
        _world.Add(_world.Ours(), _world.Venue() with { Trades = 103, LastId = 1102, FirstId = 999, Volume = Number.Parse("52") });
        _world.Pass();
        var finding = Assert.Single(_world.Take());
        Assert.Equal(AuditCause.Withheld, finding.Cause);
        Assert.Equal([new IdRange(999, 999), new IdRange(1100, 1102)], finding.Lacking!.Missing);
    }

    [Fact]
    public void Add_VenueCountsMoreButNamesTheSameTrades_ContradictsItself()
    {
        _world.Add(_world.Ours(), _world.Venue() with { Trades = 103, Volume = Number.Parse("52") });
        _world.Pass();
        Assert.Equal(["venue-differs: volume 50/52, trades 100/103"], _world.Found);
    }

    [Fact]
    public void Add_VenueWithoutCountsHasMoreVolume_CannotBeToldApart()
    {
        var world = new AuditWorld(hasIds: false);
        world.Add(world.Ours(), world.Venue() with { Trades = -1, Volume = Number.Parse("52") });
        world.Pass();
        Assert.Equal(["venue-differs: volume 50/52"], world.Found);
    }

    [Fact]
    public void Add_SameCauseAgain_AsksOnce()
    {
        _world.Add(_world.Gap(GapState.VenueSilent));
        _world.Add(Lacking(), _world.Venue());
        _world.Pass();
        Assert.NotNull(Assert.Single(_world.Take()).Lacking);
        _world.Add(Lacking() with { Revision = 1, State = CandleState.Revised, Trades = 91 });
        _world.Pass();
        var again = Assert.Single(_world.Take());
        Assert.Equal((AuditCause.Withheld, null), (again.Cause, again.Lacking));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    public void Add_OursIsRevisedAndAgrees_CameLate(double after)
    {
        _world.Add(_world.Gap(GapState.Open));
        _world.Add(Lacking(), _world.Venue());
        _world.Pass(after);
        Assert.Equal(after < 30 ? 0 : 1, _world.Take().Count);
        _world.Add(_world.Ours() with { State = CandleState.Revised, Revision = 1 });
        Assert.Equal(["late-trade agrees: volume 50/50 was 45, trades 100/100 was 90"], _world.Found);
        Assert.Empty(_world.Audit.Summary.Differing);
        Assert.Equal(AuditCause.LateTrade, Assert.Single(_world.Audit.Summary.Mended).Key);
    }

    [Fact]
    public void Add_OlderRevisionAgain_ChangesNothing()
    {
        _world.Add(_world.Ours() with { State = CandleState.Revised, Revision = 2 }, _world.Venue(), Lacking() with { Revision = 1 });
        _world.Pass();
        Assert.Empty(_world.Found);
    }

    [Fact]
    public void Add_WindowThatOursHaveGoneBeyond_IsMissing()
    {
        _world.Add(_world.Ours(Open - Minute), _world.Venue());
        _world.Pass(60);
        Assert.Empty(_world.Found);
        _world.Add(_world.Ours(Open + Minute));
        _world.Pass();
        var finding = Assert.Single(_world.Take());
        Assert.Equal((AuditCause.Missing, -1, 10), (finding.Cause, finding.Revision, finding.Differences.Count));
        Assert.All(finding.Differences, one => Assert.Null(one.Ours));
        Assert.Equal([new IdRange(1000, 1099)], finding.Lacking!.Missing);
        Assert.Equal(1, _world.Audit.Summary.Checked);

        _world.Add(_world.Ours());
        Assert.StartsWith("missing agrees: open none/100", Assert.Single(_world.Found), StringComparison.Ordinal);
        Assert.Equal((1, 0), (_world.Audit.Summary.Checked, _world.Audit.Summary.Differing.Count));
    }

    [Fact]
    public void Finish_NothingOfOurs_EmptyOrBeforeWeBegan_IsNotMissing()
    {
        _world.Add(_world.Venue(Open - (2 * Minute)), _world.Ours(Open - Minute), _world.Venue() with { Volume = WideNumber.Zero }, _world.Ours(Open + Minute));
        _world.Pass();
        _world.Audit.Finish(_world.Now);
        Assert.Empty(_world.Found);
        Assert.Equal((0, 2, 2), (_world.Audit.Summary.Checked, _world.Audit.Summary.VenueOnly, _world.Audit.Summary.OursOnly));
    }

    [Fact]
    public void Add_HoleEndsOtherwise_IsJudgedAnew()
    {
        _world.Add(_world.Gap(GapState.Open));
        _world.Add(Lacking(), _world.Venue());
        _world.Pass();
        Assert.Equal(AuditCause.OurHole, Assert.Single(_world.Take()).Cause);
        _world.Add(_world.Gap(GapState.VenueSilent));
        _world.Pass();
        Assert.Equal(AuditCause.Withheld, Assert.Single(_world.Take()).Cause);
        Assert.Equal(new Dictionary<AuditCause, int> { [AuditCause.Withheld] = 1 }, _world.Audit.Summary.Differing);
    }

    [Fact]
    public void Add_MoreThanIsRemembered_JudgesTheOldestAndCountsWhatHasNoCounterpart()
    {
        var world = new AuditWorld(limits: new AuditLimits { MostCandles = 10 });
        world.Add(world.Ours(), world.Venue() with { Close = Number.Parse("106") });
        for (var i = 1; i <= 1000; i++)
        {
            world.Add(world.Ours(Open + (i * Minute)));
        }

        Assert.Equal(["venue-differs: close 105/106"], world.Found);
        Assert.Equal(990, world.Audit.Summary.OursOnly);
        world.Audit.Finish(world.Now);
        Assert.Equal((1, 1000), (world.Audit.Summary.Checked, world.Audit.Summary.OursOnly));
    }

    [Fact]
    public void Add_MoreHolesThanAreRemembered_TheOldestGiveWay()
    {
        var world = new AuditWorld(limits: new AuditLimits { MostGaps = 2 });
        world.Add(world.Gap(GapState.Abandoned));
        world.Add(world.Gap(GapState.Abandoned, 2000, 2001));
        world.Add(world.Gap(GapState.Abandoned, 3000, 3001));
        world.Add(world.Ours(), world.Venue() with { Close = Number.Parse("106") });
        world.Pass();
        Assert.Equal(["venue-differs: close 105/106"], world.Found);
    }

    [Fact]
    public void Finish_DifferenceThatWasWaitedFor_IsTold()
    {
        _world.Add(_world.Ours(), Falsified(AuditField.Low));
        _world.Audit.Finish(_world.Now);
        Assert.Equal(["venue-differs: low 90/89"], _world.Found);
    }

    [Fact]
    public void Forget_Instrument_IsTold_NothingMore()
    {
        _world.Add(_world.Ours(), Falsified(AuditField.Low));
        _world.Audit.Forget(_world.Instrument);
        _world.Pass();
        Assert.Empty(_world.Found);
        Assert.Equal(long.MaxValue, _world.Audit.NextDeadline);
    }

    private Candle Falsified(AuditField field)
    {
        var venue = _world.Venue();
        return field switch
        {
            AuditField.Open => venue with { Open = Number.Parse("101") },
            AuditField.High => venue with { High = Number.Parse("111") },
            AuditField.Low => venue with { Low = Number.Parse("89") },
            AuditField.Close => venue with { Close = Number.Parse("106") },
            AuditField.Volume => venue with { Volume = Number.Parse("51") },
            AuditField.QuoteVolume => venue with { QuoteVolume = Number.Parse("5000.50000001") },
            AuditField.TakerBuyVolume => venue with { TakerBuyVolume = Number.Parse("21") },
            AuditField.Trades => venue with { Trades = 101 },
            AuditField.FirstId => venue with { FirstId = 999 },
            _ => venue with { LastId = 1100 },
        };
    }

    /// <summary>Ours without ten of its trades.</summary>
    private Candle Lacking() => _world.Ours() with { Trades = 90, Volume = Number.Parse("45") };
}
