import type { Sender } from '../core/define/sender';
import { betterGI } from './betterGI/betterGI.sender';
import { custom } from './webhook/custom.sender';
import { emby } from './emby/emby.sender';
import { grafana } from './grafana/grafana.sender';
import { jellyfin } from './emby/jellyfin.sender';
import { lidarr } from './servarr/lidarr.sender';
import { mediaSaber } from './mediaSaber/mediaSaber.sender';
import { moviePilot } from './moviePilot/moviePilot.sender';
import { overseerr } from './overseerr/overseerr.sender';
import { plex } from './plex/plex.sender';
import { prowlarr } from './servarr/prowlarr.sender';
import { qd } from './qd/qd.sender';
import { qinglong } from './qinglong/qinglong.sender';
import { radarr } from './servarr/radarr.sender';
import { readarr } from './servarr/readarr.sender';
import { sonarr } from './servarr/sonarr.sender';
import { tautulli } from './tautulli/tautulli.sender';
import { uptimeKuma } from './uptimeKuma/uptimeKuma.sender';
import { watchtower } from './watchtower/watchtower.sender';
import { whisparr } from './servarr/whisparr.sender';

/** Every sender there is, as `npm run sync` found them. */
export const senders = [
	betterGI,
	emby,
	grafana,
	jellyfin,
	lidarr,
	mediaSaber,
	moviePilot,
	overseerr,
	plex,
	prowlarr,
	qd,
	qinglong,
	radarr,
	readarr,
	sonarr,
	tautulli,
	uptimeKuma,
	watchtower,
	whisparr,
	custom,
] as const satisfies readonly Sender[];
