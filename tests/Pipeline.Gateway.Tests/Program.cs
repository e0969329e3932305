using Pipeline.Gateway.Tests.History;

// Run as a program, not by the test runner, this is the process that tests kill: dotnet Pipeline.Gateway.Tests.dll write-candles FILE.
return args is ["write-candles", var path] ? await KilledWriter.RunAsync(path) : 2;
