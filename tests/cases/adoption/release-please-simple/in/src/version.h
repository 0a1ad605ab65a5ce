#define VERSION "0.8.0" // x-release-please-version
