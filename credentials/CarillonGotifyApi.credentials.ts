import { gotify } from '../src/services/gotify/gotify.channel';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonGotifyApi extends credential(gotify) {}
