import { websocket } from '../src/channels/websocket';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonWebsocketApi extends credential(websocket) {}
