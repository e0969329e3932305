using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator;

/// <summary>A dialect and where it is to be spoken.</summary>
/// <param name="Key">The option that names the address, for errors.</param>
internal sealed record VenuePlace(string Key, Uri Listen, IVenueDialect Dialect);
