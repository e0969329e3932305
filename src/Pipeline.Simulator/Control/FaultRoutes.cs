using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Core.Market;
using Pipeline.Core.Topology.Yaml;
using Pipeline.Simulator.Faults;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Control;

/// <summary><c>/faults</c>: what can go wrong, what does, and switches for it.</summary>
internal static class FaultRoutes
{
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly FaultRequestReader Reader = new("id");

    public static Task CatalogAsync(HttpContext context) => JsonAnswer.WriteAsync(context, FaultCatalog.All.Select(one => new
    {
        Id = one.Id.ToString(),
        Kind = Name(one.Kind),
        Layer = one.Layer.ToString().ToLowerInvariant(),
        one.Title,
        one.Does,
        one.Expects,
        Venues = one.Venues.Select(venue => venue.Name()),
        one.Filters,
        one.Streams,
        one.DefaultCount,
        DefaultFor = one.DefaultFor is { } time ? FaultText.Duration(time) : null,
        Parameters = one.Parameters.Select(parameter => new { parameter.Name, parameter.Default, parameter.Possible, parameter.Meaning }),
    }));

    public static Task ListAsync(HttpContext context, FaultBoard board) => JsonAnswer.WriteAsync(context, new
    {
        Active = board.Active.Select(Describe),
        Ended = board.Ended.Select(Describe),
    });

    public static Task InjectedAsync(HttpContext context, FaultBoard board) => JsonAnswer.WriteAsync(context, new
    {
        Faults = board.Journal.Faults.Select(Describe),
        Strikes = board.Journal.Strikes.Select(one => new
        {
            one.Handle,
            Id = one.Id.ToString(),
            one.Time,
            Venue = one.Venue.Name(),
            one.Target,
            one.Connection,
            FirstId = one.Ids?.First,
            LastId = one.Ids?.Last,
        }),
        board.Journal.Forgotten,
    });

    public static async Task AddAsync(HttpContext context, SimulatorState state)
    {
        var request = Read(await BodyAsync(context));
        if (request is { IsOverAtOnce: true, Filter.Connection: { } connection } && state.Connections.Find(connection) is null)
        {
            throw new ControlException(StatusCodes.Status400BadRequest, $"There is no open connection {connection}.");
        }

        try
        {
            await JsonAnswer.WriteAsync(context, Describe(state.Faults.Add(request)));
        }
        catch (InvalidOperationException e)
        {
            throw new ControlException(StatusCodes.Status409Conflict, e.Message);
        }
    }

    public static Task EndAsync(HttpContext context, FaultBoard board)
    {
        var text = context.GetRouteValue("handle") as string;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var handle) && board.End(handle)
            ? JsonAnswer.WriteAsync(context, new { Ended = 1 })
            : throw new ControlException(StatusCodes.Status404NotFound, $"There is no active fault {text}; GET /faults lists them.");
    }

    public static Task EndAllAsync(HttpContext context, FaultBoard board) => JsonAnswer.WriteAsync(context, new { Ended = board.EndAll() });

    private static FaultRequest Read(string body)
    {
        try
        {
            return Reader.Read(YamlTree.Read(body));
        }
        catch (FaultRequestException e)
        {
            throw new ControlException(StatusCodes.Status400BadRequest, e.Message);
        }
        catch (YamlFault e)
        {
            throw new ControlException(
                StatusCodes.Status400BadRequest, $"The body is not JSON: line {e.Position.Line}, column {e.Position.Column}: {e.Message}.");
        }
    }

    private static async Task<string> BodyAsync(HttpContext context)
    {
        var bytes = new byte[MaxBodyBytes + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted);
        return length <= MaxBodyBytes
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : throw new ControlException(StatusCodes.Status413PayloadTooLarge, "The body has more than 64 KiB.");
    }

    private static object Describe(ActiveFault fault) => new
    {
        fault.Handle,
        Id = fault.Id.ToString(),
        fault.Request.Definition.Title,
        Venue = fault.Filter.Venue?.Name(),
        fault.Filter.Connection,
        fault.Filter.Stream,
        fault.Filter.Symbol,
        For = fault.Request.For is { } time ? FaultText.Duration(time) : null,
        fault.Request.Count,
        Parameters = fault.Values.All,
        Since = fault.Begin,
        Until = fault.Request.For is { } duration ? fault.Begin + MarketTime.From(duration) : (long?)null,
        fault.End,
        fault.Struck,
    };

    private static string Name(FaultKind kind) => kind switch
    {
        FaultKind.Lasting => "lasting",
        FaultKind.AtOnce => "at once",
        FaultKind.Always => "always",
        _ => "not simulated",
    };
}
