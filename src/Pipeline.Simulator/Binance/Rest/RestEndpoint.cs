using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Binance.Rest;

/// <summary>One path of a REST interface.</summary>
/// <param name="Weight">Cost of a request; must not refuse it: what is refused costs too.</param>
/// <param name="Answer">Writes the answer's JSON.</param>
/// <exception cref="RestException"><c>Answer</c> refuses the request.</exception>
internal sealed record RestEndpoint(Func<RestRequest, int> Weight, Action<RestRequest, FrameBuilder> Answer);
