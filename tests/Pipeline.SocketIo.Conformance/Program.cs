using System.Globalization;
using Pipeline.SocketIo.Conformance;

// usage: Pipeline.SocketIo.Conformance PORT; serves until it is ended.
if (args is not [var port])
{
    Console.Error.WriteLine("usage: Pipeline.SocketIo.Conformance PORT");
    return 2;
}

await using var app = await ConformanceApp.StartAsync(int.Parse(port, CultureInfo.InvariantCulture));
Console.WriteLine($"listening on {app.Port}");
await app.WaitForShutdownAsync();
return 0;
